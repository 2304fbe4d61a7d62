// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

/// What every recogniser must do, whoever provides it.
struct RecogniserTests {
    @Test(arguments: RecogniserFamily.allCases)
    func answersEveryUtteranceOnce(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family, family.double(key: "key"))
        harness.pause(.milliseconds(300))
        let begin = harness.pipeline.now
        harness.say(1, 2, 3)
        harness.pause(.milliseconds(500))
        let first = harness.takeTranscripts()
        #expect(first.text == "one two three")
        #expect(first.endCount == 1)
        #expect(first.last?.isFinal == true && first.last?.isUtteranceEnd == true)
        harness.say(4)
        harness.pause(.milliseconds(500))
        #expect(harness.takeTranscripts().text == "four")
        #expect(harness.pipeline.now > begin)
        #expect(harness.errors.isEmpty)
        #expect(harness.leftovers().isEmpty)
        #expect(harness.figures("ttfb_ms").count == 2)
    }

    @Test(arguments: [RecogniserFamily.deepgram, .vosk, .elevenLabs, .openAI, .whisperCpp])
    func tellsWhenTheWordsWereSpoken(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.pause(.milliseconds(1300))
        // The audio stops for a while, and goes on.
        harness.pipeline.advance(by: .seconds(2))
        let begin = harness.pipeline.now
        harness.say(1, 2, 3)
        harness.pause(.milliseconds(500))
        let frames = harness.takeFrames().filter { $0[Transcript.self]?.words.isEmpty == false }
        let frame = try #require(frames.last { $0[Transcript.self]?.isFinal == true })
        let words = try #require(frame[Transcript.self]?.words)
        #expect(words.map(\.text) == ["one", "two", "three"])
        for (index, word) in words.enumerated() {
            let start = (frame.mediaTime + word.start) - begin
            let distance = abs((start - .milliseconds(300 * index)).nanoseconds)
            #expect(distance <= 5_000_000, "word \(index) begins at \(start)")
        }
    }

    @Test(arguments: RecogniserFamily.allCases)
    func answersSilenceWithoutWords(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.begin()
        harness.pause(.milliseconds(600))
        harness.stop()
        harness.pause(.milliseconds(500))
        let finals = harness.takeTranscripts().filter(\.isFinal)
        #expect(finals.map(\.text) == [""])
        #expect(finals.endCount == 1)
        #expect(harness.leftovers().isEmpty)
    }

    @Test(arguments: RecogniserFamily.allCases)
    func aWrongKeyIsReportedOnceAndUtterancesAreStillAnswered(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.network.routes.setLasting(.status(401, "scripted"))
        if family == .wyoming { harness.network.routes.setLasting(.refused) }
        for _ in 0..<3 {
            harness.say(1, 2)
            harness.pause(.seconds(4))
        }
        #expect(harness.takeTranscripts().endCount == 3)
        if family != .wyoming {
            #expect(harness.errors.count == 1)
            #expect(harness.network.journal.exchanges.count <= 2)
        }
        #expect(harness.leftovers().isEmpty)
    }

    @Test(arguments: RecogniserFamily.allCases, [DoubleFault.Stage.connect, .head, .bytes(0), .bytes(60)])
    func aHangIsAnsweredWithinTheDeadline(family: RecogniserFamily, stage: DoubleFault.Stage) throws {
        let harness = try RecogniserHarness(family)
        harness.network.routes.setLasting(.hang(at: stage))
        for _ in 0..<3 {
            harness.say(1, 2)
            harness.pause(family.patience)
        }
        #expect(harness.takeTranscripts().endCount == 3)
        #expect(!harness.errors.isEmpty)
        #expect(harness.leftovers().isEmpty)
    }

    @Test(arguments: RecogniserFamily.allCases, [429, 500, 503])
    func troubleThatPassesIsOvercome(family: RecogniserFamily, status: Int) throws {
        let harness = try RecogniserHarness(family)
        harness.network.routes.queue(family == .wyoming ? .refused : .status(status))
        harness.say(1, 2)
        harness.pause(family.patience)
        harness.say(3)
        harness.pause(family.patience)
        let transcripts = harness.takeTranscripts()
        #expect(transcripts.endCount == 2)
        #expect(transcripts.text.hasSuffix("three"))
        if RecogniserFamily.streaming.contains(family) { #expect(transcripts.text == "one two three") }
        #expect(harness.leftovers().isEmpty)
    }

    @Test(arguments: RecogniserFamily.allCases, 0..<12)
    func aHangUpAtAnyTimeLeavesNothingBehind(family: RecogniserFamily, seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let harness = try RecogniserHarness(
            family, family.double(latency: .milliseconds(Int.random(in: 0...800, using: &random))))
        harness.begin()
        harness.hear([1, 2, 3, 4])
        if Bool.random(using: &random) { harness.stop() }
        harness.pipeline.advance(by: .milliseconds(Int.random(in: 0...1000, using: &random)))
        if Bool.random(using: &random) { harness.pipeline.onLoop { $0.interrupt("test") } }
        let isAbrupt = Bool.random(using: &random)
        #expect(harness.leftovers(isAbrupt ? .cancelled : .inputEnded).isEmpty)
        if !isAbrupt {
            let transcripts = harness.takeTranscripts()
            #expect(transcripts.endCount == 1)
            #expect(transcripts.text == "one two three four")
        }
    }

    @Test(arguments: RecogniserFamily.allCases)
    func interruptionsDoNotConcernTheCallersSpeech(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.begin()
        harness.hear([1, 2])
        harness.pipeline.onLoop { $0.interrupt("test") }
        harness.hear([3])
        harness.stop()
        harness.pause(.milliseconds(600))
        #expect(harness.takeTranscripts().text == "one two three")
    }

    @Test(arguments: RecogniserFamily.allCases)
    func anEndWithoutABeginningIsAnsweredToo(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.stop()
        harness.pipeline.advance(by: .seconds(2))
        #expect(harness.takeTranscripts() == [Transcript("", isUtteranceEnd: true)])
        #expect(harness.leftovers().isEmpty)
    }

    @Test(arguments: RecogniserFamily.allCases)
    func wordsThatAnsweringTakesTooLongForAreNotThoseOfTheNextUtterance(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family, family.double(latency: family.patience + .seconds(1)))
        harness.say(1, 2)
        harness.pause(family.patience - .milliseconds(500))
        let first = harness.takeTranscripts()
        #expect(first.endCount == 1)
        harness.begin()
        harness.hear([3, 4])
        harness.stop()
        harness.pause(family.patience + .seconds(2))
        let second = harness.takeTranscripts()
        #expect(second.endCount == 1)
        #expect(!second.text.contains("one") && !second.text.contains("two"))
        #expect(harness.leftovers().isEmpty)
    }
}
