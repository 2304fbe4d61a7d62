// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

/// When a turn ends.
///
/// Speech has an onset of 100 ms and a hangover of 400 ms throughout.
@Suite struct TurnClosingTests {
    @Test func endsWithTheFinalAfterTheEndOfSpeech() {
        var script = TurnScript()
        script.speech(1000, 2000)
        script.final(2550, "book a table")
        #expect(script.take() == ["1100 begin 1", "2550 end 1 completed \"book a table\""])
    }

    @Test func endsWithTheDetectorWhenTheFinalCameBefore() {
        var script = TurnScript()
        script.begin(1000)
        script.final(2200, "book a table")
        script.end(2000)
        #expect(script.take() == ["1100 begin 1", "2400 end 1 completed \"book a table\""])
    }

    @Test func takesAnUnmarkedFinalInTheHangoverForTheLast() {
        var script = TurnScript()
        script.begin(1000)
        script.final(2200, "book a table", ends: false)
        script.end(2000)
        #expect(script.take() == ["1100 begin 1", "2400 end 1 completed \"book a table\""])
    }

    @Test func doesNotTakeAFinalAmidSpeechForTheLast() {
        var script = TurnScript()
        script.begin(1000)
        script.final(1800, "book a table", ends: false)
        script.end(2000)
        script.final(2600, "for two")
        #expect(script.take() == ["1100 begin 1", "2600 end 1 completed \"book a table for two\""])
    }

    @Test func waitsForTheSecondFinalWhenAnInterimFollowsTheFirst() {
        var script = TurnScript()
        script.begin(1000)
        script.final(2100, "book a table")
        script.interim(2200, "for")
        script.end(2000)
        script.run(until: 2700)
        #expect(script.take() == ["1100 begin 1"])
        script.final(2710, "for two")
        #expect(script.take() == ["2710 end 1 completed \"book a table for two\""])
    }

    @Test func closesWithoutWordsAtTheTimeoutFromTheTrueEndOfSpeech() {
        var script = TurnScript()
        script.speech(1000, 2000)
        script.run(until: 10_000)
        #expect(script.take() == ["1100 begin 1", "4000 end 1 no_words \"\""])
        #expect(script.isIdle)
    }

    @Test func closesAtOnceWhenTheRecogniserUnderstoodNothing() {
        var script = TurnScript()
        script.speech(1000, 2000)
        script.final(2500, "")
        #expect(script.take() == ["1100 begin 1", "2500 end 1 no_words \"\""])
    }

    @Test func closesWithWhatThereIsAtTheTimeout() {
        var script = TurnScript()
        script.begin(1000)
        script.interim(1500, "book a")
        script.end(2000)
        script.run(until: 10_000)
        #expect(script.take() == ["1100 begin 1", "4000 end 1 completed \"book a\""])
    }

    @Test func goesOnWhenSpeechResumesBeforeTheEnd() {
        var script = TurnScript { $0.endSilence = .milliseconds(600) }
        script.speech(1000, 2000)
        script.final(2500, "book a table")
        script.begin(2800)
        script.run(until: 3500)
        #expect(script.take() == ["1100 begin 1"])
        script.end(3600)
        script.final(4050, "for two")
        script.run(until: 6000)
        #expect(script.take() == ["4600 end 1 completed \"book a table for two\""])
    }

    @Test func waitsForTheEndSilence() {
        var script = TurnScript { $0.endSilence = .milliseconds(300) }
        script.begin(1000)
        script.final(2300, "yes")
        script.end(2000)
        script.run(until: 3000)
        #expect(script.take() == ["1100 begin 1", "2700 end 1 completed \"yes\""])
    }

    @Test func closesATurnThatNeverEnds() {
        var script = TurnScript { $0.maxTurn = .seconds(5) }
        script.begin(1000)
        script.interim(4000, "and then and then")
        script.run(until: 20_000)
        #expect(script.take() == ["1100 begin 1", "6100 end 1 too_long \"and then and then\""])
        script.end(20_000)
        script.run(until: 30_000)
        #expect(script.take().isEmpty)
    }

    @Test func takesWordsWithoutVoiceActivityAsTurns() {
        var script = TurnScript()
        script.final(1000, "hello", ends: false)
        script.at(1500, .replyHeard(TurnID(1)))
        script.at(2500, .replyEnded(TurnID(1)))
        script.interim(4000, "what")
        script.final(4400, "what time is it", ends: false)
        #expect(
            script.take() == [
                "1000 begin 1", "1000 end 1 completed \"hello\"", "4000 begin 2",
                "4400 end 2 completed \"what time is it\"",
            ])
    }

    @Test func countsARepeatedFinalOnce() {
        var script = TurnScript()
        let words = [TimedWord("yes", start: .zero, end: .milliseconds(200))]
        script.begin(1000)
        script.at(1500, .transcript(Transcript("yes", words: words)))
        script.at(1600, .transcript(Transcript("yes", isUtteranceEnd: true, words: words)))
        script.end(1400)
        #expect(script.take() == ["1100 begin 1", "1800 end 1 completed \"yes\""])
    }

    @Test func aLateAnswerToAnEarlierPauseDoesNotAnswerTheRest() {
        var script = TurnScript()
        script.speech(1000, 1500)
        script.begin(1950)
        script.final(2200, "a flight")
        script.end(2400)
        script.final(3000, "to Rome")
        #expect(script.take() == ["1100 begin 1", "3000 end 1 completed \"a flight to Rome\""])
    }

    @Test func joinsUnspacedScriptsWithoutSpaces() {
        var script = TurnScript()
        script.begin(1000)
        script.final(1500, "我想", ends: false)
        script.end(2000)
        script.final(2500, "订位")
        #expect(script.take().last == "2500 end 1 completed \"我想订位\"")
    }

    @Test func answersWordsThatAreOnTheirWayWhenTheInputEnds() {
        var script = TurnScript()
        script.begin(1000)
        script.at(1500, .inputEnded(isAnswered: true))
        #expect(!script.isIdle)
        script.final(1800, "goodbye")
        #expect(script.take() == ["1100 begin 1", "1800 end 1 completed \"goodbye\""])
        #expect(script.isIdle)
    }

    @Test(arguments: [true, false])
    func closesAnOpenTurnWhenTheSessionEndsWithoutWords(isAnswered: Bool) {
        var script = TurnScript()
        script.begin(1000)
        script.at(1500, .inputEnded(isAnswered: isAnswered))
        script.run(until: 5000)
        #expect(script.take() == ["1100 begin 1", "3500 end 1 session_ended \"\""])
        #expect(script.isIdle)
    }

    @Test func keepsTheWordsOfACallerWhoHungUp() {
        var script = TurnScript()
        script.begin(1000)
        script.at(1500, .inputEnded(isAnswered: false))
        script.final(1800, "goodbye")
        #expect(script.take() == ["1100 begin 1", "1800 end 1 session_ended \"goodbye\""])
    }
}
