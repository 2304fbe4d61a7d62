// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite(.enabled(if: SpokenCommands.isModelInstalled, SpokenCommands.reason))
struct PocketsphinxSTTTests {
    private let pool = PocketsphinxPool(limit: 2)

    private func harness(_ change: (inout PocketsphinxSTT.Parameters) -> Void = { _ in }) throws -> ProcessorHarness {
        let parameters = changed(try SpokenCommands.parameters(), change)
        return try ProcessorHarness(service: PocketsphinxSTT(parameters, pool: pool))
    }

    private func speak(_ text: String, _ harness: ProcessorHarness) throws {
        harness.send(Audio.silence(.milliseconds(300)))
        harness.send(VoiceActivity(.speechStarted, at: harness.now))
        harness.send(try SpokenCommands.audio(text))
        harness.send(VoiceActivity(.speechStopped, at: harness.now))
    }

    @Test func answersAnUtteranceBothWaysBetweenItsEdges() throws {
        let harness = try harness()
        try speak("Go forward ten meters.", harness)
        let output = harness.takeOutput()
        #expect(output.first?[VoiceActivity.self]?.edge == .speechStarted)
        #expect(output.last?[VoiceActivity.self]?.edge == .speechStopped)
        let transcripts = output.compactMap { $0[Transcript.self] }
        #expect(transcripts.count == output.count - 2)
        let final = try #require(transcripts.last)
        #expect(final.text == "go forward ten meters")
        #expect(final.isFinal && final.isUtteranceEnd)
        #expect(final.words.map(\.text) == ["go", "forward", "ten", "meters"])
        // The words' times count from the audio before the speech.
        #expect(final.words[0].start >= .milliseconds(200))
        #expect(output.dropLast().last?.mediaTime == .zero)
        #expect(harness.takeUpstream().compactMap { $0[Transcript.self] } == transcripts)
        #expect(pool.counts == (1, 0, 0))
        #expect(try harness.finish().isEmpty)
    }

    @Test func tellsStableWordsWhileTheCallerSpeaks() throws {
        let harness = try harness()
        try speak("Go forward ten meters.", harness)
        let partials = harness.take(Transcript.self).filter { !$0.isFinal }
        #expect(!partials.isEmpty)
        #expect(partials.allSatisfy { !$0.isUtteranceEnd && "go forward ten meters".hasPrefix($0.text) })
        #expect(zip(partials, partials.dropFirst()).allSatisfy { $0.text != $1.text })
        let silent = try self.harness { $0.partials = false }
        try speak("Go forward ten meters.", silent)
        #expect(silent.take(Transcript.self).map(\.isFinal) == [true])
    }

    @Test func hearsSpeechFromBeforeTheEdge() throws {
        let harness = try harness()
        harness.send(Audio.silence(.seconds(3)))
        let start = harness.now
        let speech = try SpokenCommands.audio("Go backward two meters.")
        harness.send(speech.slice(0..<9600))
        harness.send(VoiceActivity(.speechStarted, at: start))
        harness.send(speech.slice(9600..<speech.sampleCount))
        harness.send(VoiceActivity(.speechStopped, at: harness.now))
        let final = try #require(harness.takeOutput().last { $0[Transcript.self]?.isFinal == true })
        #expect(final[Transcript.self]?.text == "go backward two meters")
        #expect(final.mediaTime == start - .milliseconds(300))
    }

    @Test func answersSpeechOutsideTheGrammarWithoutWords() throws {
        let harness = try harness()
        try speak("I would like to complain about the weather.", harness)
        let final = try #require(harness.take(Transcript.self).last)
        #expect(final == Transcript("", isUtteranceEnd: true))
        let lenient = try self.harness {
            $0.sentenceScore = -100
            $0.wordScore = -100
        }
        try speak("I would like to complain about the weather.", lenient)
        #expect(lenient.take(Transcript.self).last?.text.hasPrefix("go") == true)
    }

    @Test func answersOneUtteranceAfterTheOther() throws {
        let harness = try harness()
        for text in ["go forward", "go backward five meters", "go forward one meters"] {
            try speak(text, harness)
            #expect(harness.take(Transcript.self).last?.text == text)
        }
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func answersAnEndWithoutABeginning() throws {
        let harness = try harness()
        harness.send(VoiceActivity(.speechStopped, at: harness.now))
        #expect(harness.take(Transcript.self) == [Transcript("", isUtteranceEnd: true)])
    }

    @Test func goesOnAfterTwentySecondsAsAnotherUtterance() throws {
        let harness = try harness { $0.partials = false }
        harness.send(VoiceActivity(.speechStarted, at: harness.now))
        harness.send(Audio.silence(.milliseconds(20_500)))
        harness.send(try SpokenCommands.audio("Go forward."))
        harness.send(VoiceActivity(.speechStopped, at: harness.now))
        let finals = harness.takeOutput().filter { $0[Transcript.self] != nil }
        #expect(finals.compactMap { $0[Transcript.self]?.isUtteranceEnd } == [false, true])
        #expect(finals.compactMap { $0[Transcript.self]?.text } == ["", "go forward"])
        #expect(finals.map(\.mediaTime) == [.zero, .zero + .seconds(20)])
    }

    @Test func interruptionsDoNotConcernTheCallersSpeech() throws {
        let harness = try harness()
        harness.send(VoiceActivity(.speechStarted, at: harness.now))
        let speech = try SpokenCommands.audio("Go forward ten meters.")
        harness.send(speech.slice(0..<12_000))
        harness.interrupt()
        harness.send(speech.slice(12_000..<speech.sampleCount))
        harness.send(VoiceActivity(.speechStopped, at: harness.now))
        #expect(harness.take(Transcript.self).last?.text == "go forward ten meters")
    }

    @Test func reportsAudioItCannotHear() throws {
        let harness = try harness()
        harness.send(Audio.tone(.milliseconds(20), format: .telephone))
        #expect(harness.events.errors.map(\.category) == [.badInput])
        try speak("Go forward.", harness)
        #expect(harness.take(Transcript.self).last?.text == "go forward")
    }

    @Test func listensForAnyEnglishWithoutAGrammar() throws {
        let harness = try harness { $0.grammar = nil }
        try speak("Hello.", harness)
        let final = try #require(harness.take(Transcript.self).last)
        #expect(final.isUtteranceEnd && !final.text.isEmpty)
    }
}
