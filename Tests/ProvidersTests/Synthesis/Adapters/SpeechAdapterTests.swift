// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Testing

@testable import Providers

/// What every adapter of speech must do, whoever the provider is.
@Suite struct SpeechAdapterTests {
    private let text = "Hello there, Alice."

    @Test(arguments: SpeechVariant.allCases) func speaksASentenceBehindItsWords(_ variant: SpeechVariant) throws {
        let rig = try variant.rig()
        let speech = rig.speak(text)
        #expect(speech.beginsWithWords)
        #expect(speech.words.map(\.text) == ["Hello", "there,", "Alice."])
        #expect(speech.texts.joined(separator: " ") == text)
        #expect(speech.formats == [variant.format])
        #expect(speech.bytes == variant.bytes(of: text))
        #expect(rig.errors.isEmpty)
        #expect(rig.leftovers().isEmpty)
    }

    @Test(arguments: SpeechVariant.allCases) func speaksSentencesInTheirOrderWithoutGaps(
        _ variant: SpeechVariant
    ) throws {
        let rig = try variant.rig()
        let sentences = ["One is here.", "Two follows.", "Three, at last."]
        for sentence in sentences { rig.say(sentence) }
        rig.advance(by: .seconds(30))
        let speech = rig.take()
        #expect(speech.texts.joined(separator: " ") == sentences.joined(separator: " "))
        #expect(speech.bytes == sentences.flatMap { variant.bytes(of: $0) })
        #expect(speech.isContinuous)
        #expect(rig.errors.isEmpty)
        #expect(rig.leftovers().isEmpty)
    }

    @Test(arguments: SpeechVariant.allCases) func anySplitGivesTheSameSamples(_ variant: SpeechVariant) throws {
        for chunking in [DoubleFault.Chunking.eachByte] + (0..<8).map({ .random(seed: $0) }) {
            let fault = DoubleFault.chunked(chunking)
            let rig = try variant.rig(faults: [fault, fault, fault])
            #expect(rig.speak("Odd.").bytes == variant.bytes(of: "Odd."), "\(chunking)")
            #expect(rig.errors.isEmpty)
            #expect(rig.leftovers().isEmpty)
        }
    }

    /// Whatever was emitted is a beginning of the right speech; only a sentence of which nothing was is tried again.
    @Test(arguments: SpeechVariant.allCases) func aConnectionThatBreaksLosesOnlyItsSentence(
        _ variant: SpeechVariant
    ) throws {
        let whole = variant.bytes(of: "Cut me.")
        var random = SeededGenerator(seed: 7)
        for position in Array(0..<60) + (0..<30).map({ _ in Int.random(in: 60..<whole.count, using: &random) }) {
            let rig = try variant.rig(faults: [.cut(after: position)])
            let cut = rig.speak("Cut me.").bytes
            #expect(whole.starts(with: cut), "after \(position)")
            #expect(cut.count == whole.count || rig.errors.count == 1, "after \(position)")
            #expect(rig.speak("And on.").bytes == variant.bytes(of: "And on."), "after \(position)")
            #expect(rig.leftovers().isEmpty, "after \(position)")
        }
    }

    @Test(arguments: SpeechVariant.allCases) func aProviderThatHangsIsLeft(_ variant: SpeechVariant) throws {
        let stages = [DoubleFault.Stage.connect, .head] + [0, 1, 43, 44, 100, 401].map { .bytes($0) }
        for stage in stages {
            let rig = try variant.rig(faults: [.hang(at: stage)])
            rig.advance(by: .seconds(20))
            rig.say("Hang on.")
            rig.advance(by: .seconds(60))
            let (whole, heard) = (variant.bytes(of: "Hang on."), rig.take().bytes)
            #expect(whole.starts(with: heard), "\(stage)")
            // On a socket that stays, a sentence that came whole leaves the hang to the next one.
            if heard == whole { _ = rig.speak("Hang on.") }
            #expect(rig.speak("And on.").bytes == variant.bytes(of: "And on."), "\(stage)")
            #expect(rig.leftovers().isEmpty, "\(stage)")
        }
    }

    @Test(arguments: SpeechVariant.allCases) func aRefusedKeyIsReportedWithoutASecondTry(
        _ variant: SpeechVariant
    ) throws {
        // Raw connections have no statuses.
        guard variant != .wyoming, variant != .hastyWyoming else { return }
        let rig = try variant.rig(faults: [.status(401, "no such key"), .status(401, "no such key")])
        _ = rig.speak("Refused.")
        let error = try #require(rig.errors.first)
        #expect(error.category == .provider)
        #expect(error.message.contains("401"), "\(error.message)")
        #expect(!error.message.contains("Bearer"))
        #expect(rig.leftovers().isEmpty)
    }

    @Test(arguments: SpeechVariant.allCases) func aServersFaultIsTriedOnceMore(_ variant: SpeechVariant) throws {
        guard variant != .wyoming, variant != .hastyWyoming else { return }
        let rig = try variant.rig(faults: [.status(500)])
        #expect(rig.speak("Again.").bytes == variant.bytes(of: "Again."))
        #expect(rig.network.journal.requests.count >= 2)
        #expect(rig.leftovers().isEmpty)
    }

    /// An interruption at any time: nothing of the old sentence is heard after it, and the new one is whole.
    @Test(arguments: SpeechVariant.allCases) func nothingOfAnInterruptedSentenceComesLater(
        _ variant: SpeechVariant
    ) throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<25 {
            let fault = DoubleFault.with {
                $0.gap = .milliseconds(3)
                $0.firstByteDelay = .milliseconds(5)
            }
            let rig = try variant.rig(faults: [fault, fault, fault, fault])
            rig.say("A sentence that nobody wants to hear to its end.")
            rig.advance(by: .milliseconds(Int.random(in: 0...60, using: &random)))
            _ = rig.take()
            rig.interrupt()
            rig.say("Fresh words.")
            rig.advance(by: .seconds(30))
            let speech = rig.take()
            #expect(speech.bytes == variant.bytes(of: "Fresh words."))
            #expect(speech.texts.joined(separator: " ") == "Fresh words.")
            #expect(rig.errors.isEmpty)
            #expect(rig.leftovers().isEmpty)
        }
    }

    @Test(arguments: SpeechVariant.allCases) func interruptionsInQuickSuccessionExhaustNothing(
        _ variant: SpeechVariant
    ) throws {
        let rig = try variant.rig()
        for number in 0..<30 {
            rig.say("Broken off, number \(number).")
            rig.advance(by: .zero)
            rig.interrupt()
        }
        _ = rig.take()
        #expect(rig.speak("Still here.").bytes == variant.bytes(of: "Still here."))
        #expect(rig.errors.isEmpty)
        #expect(rig.leftovers().isEmpty)
    }

    @Test(arguments: SpeechVariant.allCases) func reportsTimeCharactersAndSeconds(_ variant: SpeechVariant) throws {
        let rig = try variant.rig()
        _ = rig.speak(text)
        #expect(rig.figures("characters") == [Double(text.count)])
        #expect(rig.figures("ttfb_ms").count == 1)
        let seconds = try #require(rig.figures("audio_seconds").first)
        #expect(abs(seconds - 0.004 * Double(text.count)) < 0.001)
        #expect(rig.leftovers().isEmpty)
    }

    @Test(arguments: SpeechVariant.allCases) func saysNothingForTextWithoutWords(_ variant: SpeechVariant) throws {
        let rig = try variant.rig()
        #expect(rig.speak(" ... ").bytes.isEmpty)
        #expect(rig.errors.isEmpty)
        #expect(rig.leftovers().isEmpty)
    }
}
