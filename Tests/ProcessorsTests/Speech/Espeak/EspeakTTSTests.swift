// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite(.enabled(if: ChildProcess.locate("espeak-ng") != nil, "espeak-ng is not installed"))
struct EspeakTTSTests {
    private func harness(_ change: (inout EspeakTTS.Parameters) -> Void = { _ in }) throws -> ProcessorHarness {
        let parameters = changed(EspeakTTS.Parameters(), change)
        return try ProcessorHarness(service: EspeakTTS(parameters))
    }

    @Test func speaksASentenceBehindItsWords() throws {
        let harness = try harness()
        harness.send(Sentence("Hello there, Alice."))
        let output = harness.takeOutput()
        let words = try #require(output.first?[SpokenWords.self])
        #expect(words.text == "Hello there, Alice.")
        #expect(words.words.map(\.text) == ["Hello", "there,", "Alice."])
        let audio = output.dropFirst().compactMap(\.audio)
        #expect(audio.count == output.count - 1)
        #expect(audio.allSatisfy { $0.format == AudioFormat(rateHz: 22_050) && $0.duration <= .milliseconds(20) })
        let duration = audio.reduce(.zero) { $0 + $1.duration }
        #expect(duration > .milliseconds(600) && duration < .seconds(3))
        #expect(try #require(words.words.last).end <= duration)
        #expect(audio.contains { $0.rmsLevel() > -30 })
        #expect(try harness.finish().isEmpty)
    }

    @Test func placesFramesWithoutGaps() throws {
        let harness = try harness()
        harness.send(Sentence("One."))
        harness.send(Sentence("Two."))
        let frames = harness.takeOutput().filter { $0.audio != nil }
        for (frame, next) in zip(frames, frames.dropFirst()) {
            // A sample's duration is rounded down to a nanosecond.
            #expect(abs((next.mediaTime - frame.endTime).nanoseconds) <= 1)
        }
        #expect(try harness.finish().isEmpty)
    }

    @Test func speaksWhatLooksLikeOptionsAndCommands() throws {
        let harness = try harness()
        harness.send(Sentence("--version; $(echo no) 'x' `id` -w /tmp/x"))
        #expect(harness.takeSamples().count > 22_050)
        #expect(try harness.finish().isEmpty)
    }

    @Test func saysNothingForEmptyText() throws {
        let harness = try harness()
        harness.send(Sentence(" \n"))
        harness.send(Sentence("..."))
        #expect(harness.takeOutput().isEmpty)
        #expect(try harness.finish().isEmpty)
    }

    @Test func passesOtherFramesInTheirPlace() throws {
        let harness = try harness()
        harness.send(ResponseStarted(turn: TurnID(1)))
        harness.send(Sentence("Yes."))
        harness.send(ResponseEnded(turn: TurnID(1)))
        let output = harness.takeOutput()
        #expect(output.first?[ResponseStarted.self] == ResponseStarted(turn: TurnID(1)))
        #expect(output.last?[ResponseEnded.self] == ResponseEnded(turn: TurnID(1)))
        #expect(output.dropFirst().dropLast().contains { $0.audio != nil })
        #expect(try harness.finish().isEmpty)
    }

    @Test func stopsAtAnInterruption() throws {
        let harness = try harness()
        harness.send(Sentence("This reply is over."))
        _ = harness.takeOutput()
        harness.interrupt()
        harness.send(Sentence("Fresh."))
        let output = harness.takeOutput()
        #expect(output.first?[SpokenWords.self]?.text == "Fresh.")
        // The new reply does not wait for the end of the old one.
        #expect(output.dropFirst().first?.mediaTime == .zero)
        #expect(try harness.finish().isEmpty)
    }

    @Test func namesTheRemedyWhenTheProgramIsMissing() throws {
        let harness = try harness { $0.program = "no-such-espeak" }
        #expect(harness.events.errors.first?.message == "espeak-ng is not installed (apt-get install espeak-ng)")
        #expect(harness.events.errors.first?.category == .provider)
    }

    @Test func reportsAnUnknownVoiceAndGoesOn() throws {
        let harness = try harness { $0.voice = "xx-nobody" }
        harness.send(Sentence("Hello."))
        let error = try #require(harness.events.errors.first)
        #expect(error.cause?.contains("voice") == true)
        #expect(harness.takeOutput().isEmpty)
    }

    @Test func givesUpOnAProgramThatHangs() throws {
        let harness = try harness {
            $0.program = "/usr/bin/yes"
            $0.timeLimit = .milliseconds(50)
        }
        harness.send(Sentence("Hello."))
        #expect(harness.events.errors.count == 1)
        #expect(harness.takeOutput().isEmpty)
    }
}
