// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Speaks sentences with the `espeak-ng` program: many languages, and the least work of all synthesisers.
///
/// Each sentence is a run of the program (a few milliseconds), which an interruption kills; its licence (GPL-3) allows no
/// linking. Word times are estimated from the audio's length. Sentences of more than 600 characters are spoken in pieces.
/// Frames other than sentences pass in their order.
public final class EspeakTTS: Service {
    public static let name = "espeak_tts"
    public static let summary = "Speaks sentences with espeak-ng, run as a program: many languages, robotic voices."

    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// A voice or language, with a variant behind a plus sign.
        public var voice = "en-us"
        /// Words a minute.
        public var wordsPerMinute = 175
        /// From the lowest to the highest voice.
        public var pitch = 0.5
        /// The program's name or path.
        public var program = "espeak-ng"
        /// Time that the synthesis of a sentence may take.
        public var timeLimit = Duration.seconds(5)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional(
                "voice", \.voice, "Voice or language as 'espeak-ng --voices' lists them; en-us+f3 adds a variant."),
            .optional("rate_words_per_minute", \.wordsPerMinute, in: 80...450, "Speed of speech."),
            .optional("pitch_ratio", \.pitch, in: 0...1, "Pitch, from the lowest to the highest voice."),
            .optional("program", \.program, "Name or path of the program."),
            .optional(
                "time_limit", \.timeLimit, in: .milliseconds(100) ... .seconds(60),
                "Time that the synthesis of a sentence may take before the program is killed.")
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            if voice.isEmpty { issues.error("voice", "is empty; name a voice such as 'en-us'") }
            if program.isEmpty { issues.error("program", "is empty; name the program, such as 'espeak-ng'") }
        }
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.frames(Sentence.self)],
            produces: [.frames(SpokenWords.self), .audio(AudioFormat(rateHz: rateHz))])
    }

    /// The rate of every voice that espeak-ng brings itself.
    private static let rateHz = 22_050
    private static let longestText = 600

    private let command: ChildProcess
    private var framer = SpeechFramer(AudioFormat(rateHz: rateHz))

    /// Creates a synthesiser for one session.
    public init(_ parameters: Parameters) {
        let arguments = EspeakCommand(
            voice: parameters.voice, wordsPerMinute: parameters.wordsPerMinute, pitch: parameters.pitch)
        command = ChildProcess(
            program: parameters.program, arguments: arguments.arguments, timeLimit: parameters.timeLimit)
    }

    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws {
        guard ChildProcess.locate(command.program) != nil else { throw failure(.notFound(program: command.program)) }
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        guard let sentence = frame[Sentence.self] else { return try await output.emit(frame) }
        for text in SpeechText.pieces(sentence.text, limit: Self.longestText) {
            let wave = try await synthesize(text, output)
            let words = WordTiming.estimate(text, samples: wave.samples, rateHz: wave.format.rateHz)
            framer.begin(at: output.now)
            try await output.emit(SpokenWords(text, words: words), at: framer.end)
            for frame in framer.append(wave.samples, isLast: true) { try await output.emit(frame) }
        }
    }

    public func interrupted(_ interruption: Interruption) { framer.forget() }

    nonisolated(nonsending) private func synthesize(
        _ text: String, _ output: ServiceOutput
    ) async throws -> WaveStream {
        let handle = ChildProcessHandle()
        let command = command
        let bytes: [UInt8]
        do {
            bytes = try await withTaskCancellationHandler {
                try await output.offload { try command.run(input: Array(text.utf8), handle: handle) }
            } onCancel: {
                handle.cancel()
            }
        } catch let error as ChildProcessError {
            throw error == .cancelled ? CancellationError() : failure(error)
        }
        return try wave(bytes)
    }

    private func wave(_ bytes: [UInt8]) throws -> WaveStream {
        do throws(WaveStream.Error) {
            let wave = try WaveStream(bytes)
            guard wave.format == AudioFormat(rateHz: Self.rateHz) else {
                throw .unsupported(encoding: 1, bits: 16, channels: wave.format.channels, rateHz: wave.format.rateHz)
            }
            return wave
        } catch {
            throw PipelineError(
                .provider,
                "'\(command.program)' did not write 16-bit mono audio at \(Self.rateHz) Hz; choose another voice",
                cause: error)
        }
    }

    private func failure(_ error: ChildProcessError) -> PipelineError {
        if case .notFound = error {
            return PipelineError(.provider, "espeak-ng is not installed (apt-get install espeak-ng)", cause: error)
        }
        return PipelineError(.provider, "espeak-ng could not speak a sentence", cause: error)
    }
}
