// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Processors

@Suite(.serialized)
struct FliteVoiceTests {
    @Test(arguments: FliteVoice.Name.allCases)
    func speaks(name: FliteVoice.Name) throws {
        let samples = try FliteVoice(name).samples(of: "We are open from nine to five.")
        #expect((24_000...64_000).contains(samples.count))
        #expect(samples.contains { abs(Int($0)) > 3000 })
    }

    @Test func wordsComeOnceBeforeAudioAndAsWritten() throws {
        var order = ""
        var words: [SpokenWord] = []
        var sampleCount = 0
        let text = "At 5 o'clock, Dr. Smith paid $3.50 (twice)."
        try FliteVoice(.slt).synthesize(text, chunkSamples: 1600) {
            words = $0
            order += "w"
        } onAudio: {
            order += "a"
            sampleCount += $0.count
            return true
        }
        #expect(words.map(\.text) == ["At", "5", "o'clock,", "Dr.", "Smith", "paid", "$3.50", "(twice)."])
        #expect(words.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) } == words.map(\.text))
        #expect(order.hasPrefix("wa") && order.dropFirst().allSatisfy { $0 == "a" })
        #expect(words.allSatisfy { $0.start < $0.end })
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start + .milliseconds(1) })
        #expect(words.last.map { $0.end <= .seconds(Double(sampleCount) / 16_000) } == true)
    }

    @Test(arguments: ["", " \n", "...", "?!", "—"])
    func aTextWithoutWordsGivesNothing(text: String) throws {
        try FliteVoice(.slt).synthesize(text) { _ in
            Issue.record("words")
        } onAudio: { _ in
            Issue.record("audio")
            return true
        }
    }

    @Test(arguments: ["日本語 5", "\u{0}hidden", "a\u{0}b", "🙂 yes", String(repeating: "very ", count: 60)])
    func survivesAnyText(text: String) throws {
        try FliteVoice(.kal16).synthesize(text) { words in
            #expect(words.allSatisfy { $0.range.upperBound <= text.utf8.count })
        } onAudio: { _ in
            true
        }
    }

    @Test func stopsAtTheNextChunk() throws {
        var calls = 0
        try FliteVoice(.slt).synthesize("This sentence is long enough to be cut off in the middle.") { _ in
        } onAudio: { _ in
            calls += 1
            return calls < 3
        }
        #expect(calls == 3)
    }

    @Test func theSameTextGivesTheSameSamples() throws {
        let voice = try FliteVoice(.kal16)
        #expect(try voice.samples(of: "Good morning.") == voice.samples(of: "Good morning."))
    }

    @Test func stretchesTime() throws {
        let voice = try FliteVoice(.slt)
        let usual = try voice.samples(of: "We are open on Friday.")
        let slow = try voice.samples(of: "We are open on Friday.", stretch: 1.5)
        #expect((1.3...1.6).contains(Double(slow.count) / Double(usual.count)))
        // A stretch is forgotten after its utterance.
        #expect(try voice.samples(of: "We are open on Friday.").count == usual.count)
    }

    @Test func threadsShareAVoice() async throws {
        let voice = try FliteVoice(.kal16)
        let texts = ["Hello there.", "Goodbye, and thank you.", "It costs 5 dollars.", "See you on Monday at noon."]
        let expected = try texts.map { try voice.samples(of: $0) }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { try voice.samples(of: texts[number % 4]) == expected[number % 4] }
            }
            for try await isEqual in group { #expect(isEqual) }
        }
    }

    @Test func threadsShareAVoiceWithNoise() async throws {
        let voice = try FliteVoice(.slt)
        let texts = ["Hello there.", "It costs 5 dollars."]
        let expected = try texts.map { try voice.samples(of: $0).count }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask { try voice.samples(of: texts[number % 2]).count == expected[number % 2] }
            }
            for try await isEqual in group { #expect(isEqual) }
        }
    }
}

extension FliteVoice {
    /// All the audio of a text.
    func samples(of text: String, stretch: Double = 1) throws -> [Int16] {
        var samples: [Int16] = []
        try synthesize(text, stretch: stretch) { _ in
        } onAudio: {
            samples += $0
            return true
        }
        return samples
    }
}
