// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// A synthesiser whose speech can be told apart by ear: every sample of a sentence has the value ``mark(of:)``.
public final class FakeTextToSpeech: Service {
    public static let name = "fake_tts"
    public static let summary = "Speaks sentences as a constant, with the time of each word."

    /// How the synthesiser speaks.
    public struct Voice: Sendable {
        /// Time that a character takes, spaces included.
        public var perCharacter = Duration.milliseconds(50)
        /// Time from the sentence to its first audio.
        public var firstChunk = Duration.milliseconds(100)
        /// Length of a piece of audio.
        public var chunk = Duration.milliseconds(200)
        /// Time between two pieces.
        public var gap = Duration.milliseconds(10)
        /// Format of the audio.
        public var format = AudioFormat.wideband

        /// Creates the default voice.
        public init() {}
    }

    private let voice: Voice

    /// Speaks with the default voice.
    public convenience init(_ parameters: NoParameters) { self.init(Voice()) }

    /// Creates a synthesiser.
    public init(_ voice: Voice) { self.voice = voice }

    /// The value of every sample of a sentence, 1...32767.
    public static func mark(of text: String) -> Int16 {
        let hash = text.utf8.reduce(into: UInt32(2_166_136_261)) { $0 = ($0 ^ UInt32($1)) &* 16_777_619 }
        return Int16(hash % 32767 + 1)
    }

    /// The words of a sentence and when each is heard.
    public static func words(of text: String, perCharacter: Duration) -> [TimedWord] {
        var start = Duration.zero
        return text.split(separator: " ").map { word in
            let end = start + perCharacter * word.count
            defer { start = end + perCharacter }
            return TimedWord(String(word), start: start, end: end)
        }
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        guard let sentence = frame[Sentence.self] else { return try await output.emit(frame) }
        try await output.sleep(for: voice.firstChunk)
        let words = Self.words(of: sentence.text, perCharacter: voice.perCharacter)
        try await output.emit(SpokenWords(sentence.text, words: words))
        var rest = words.last?.end ?? .zero
        let mark = Self.mark(of: sentence.text)
        while rest > .zero {
            let length = min(rest, voice.chunk).sampleCount(rate: voice.format.rateHz)
            let samples = repeatElement(mark, count: length * voice.format.channels)
            try await output.emit(Audio(format: voice.format, samples: samples))
            rest -= voice.chunk
            if rest > .zero { try await output.sleep(for: voice.gap) }
        }
    }
}
