// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

/// What happens when the caller speaks over the agent.
@Suite struct InterruptionTests {
    /// A script in which turn 1 was committed at 1000 ms and, unless `heard` is false, its reply is heard from 1500 ms.
    private func answering(heard: Bool = true, _ change: (inout TurnParameters) -> Void = { _ in }) -> TurnScript {
        var script = TurnScript(change)
        script.final(1000, "what is the weather")
        if heard { script.at(1500, .replyHeard(TurnID(1))) }
        _ = script.take()
        return script
    }

    @Test func interruptsAtTheOnsetWhenVoiceSuffices() {
        var script = answering()
        script.speech(2000, 3000)
        script.final(3500, "stop")
        #expect(script.take() == ["2100 interrupt", "2100 begin 2", "3500 end 2 completed \"stop\" interrupting"])
    }

    @Test func interruptsAReplyOfWhichNothingIsHeardYetAndKeepsItsWords() {
        var script = answering(heard: false)
        script.speech(1100, 2000)
        script.final(2500, "in Oslo")
        #expect(
            script.take() == [
                "1200 interrupt", "1200 begin 2",
                "2500 end 2 completed \"what is the weather in Oslo\" supersedes 1 interrupting",
            ])
    }

    @Test func asksAgainWhenAReplyWasWithdrawnForNoise() {
        var script = answering(heard: false)
        script.speech(1100, 1300)
        script.run(until: 9000)
        #expect(
            script.take() == [
                "1200 interrupt", "1200 begin 2",
                "3300 end 2 completed \"what is the weather\" supersedes 1 interrupting",
            ])
    }

    @Test func interruptsTheGreetingFromTheMomentItIsAskedFor() {
        var script = TurnScript()
        script.at(0, .replyAsked(TurnID(0)))
        script.begin(200)
        #expect(script.take() == ["300 interrupt", "300 begin 1"])
    }

    @Test func startsAPlainTurnWhenTheReplyIsOver() {
        var script = answering()
        script.at(2000, .replyEnded(TurnID(1)))
        script.begin(2500)
        #expect(script.take() == ["2600 begin 2"])
    }

    @Test(arguments: [true, false])
    func pausesUntilEnoughWordsConfirm(areFinal: Bool) {
        var script = answering { $0.minWords = 2 }
        script.begin(2000)
        script.interim(2400, "no")
        #expect(script.take() == ["2100 pause"])
        script.at(2600, .transcript(Transcript("no wait", isFinal: areFinal)))
        #expect(script.take() == ["2600 interrupt", "2600 begin 2"])
        script.end(3000)
        script.final(3500, areFinal ? "a moment" : "no wait a moment")
        #expect(script.take() == ["3500 end 2 completed \"no wait a moment\" interrupting"])
    }

    @Test func resumesWhenNoWordsCome() {
        var script = answering { $0.minWords = 1 }
        script.speech(2000, 2600)
        script.run(until: 10_000)
        #expect(script.take() == ["2100 pause", "4600 resume"])
        #expect(script.isIdle)
    }

    @Test func resumesAtOnceWhenTheRecogniserUnderstoodNothing() {
        var script = answering { $0.minWords = 1 }
        script.speech(2000, 2600)
        script.final(3100, "")
        #expect(script.take() == ["2100 pause", "3100 resume"])
    }

    @Test func waitsForWordsAgainWhenSpeechResumesWhilePaused() {
        var script = answering { $0.minWords = 1 }
        script.speech(2000, 2300)
        script.speech(3500, 5000)
        script.run(until: 6900)
        #expect(script.take() == ["2100 pause"])
        script.run(until: 7100)
        #expect(script.take() == ["7000 resume"])
    }

    @Test func confirmsByDurationAlone() {
        var script = answering { $0.minDuration = .milliseconds(500) }
        script.begin(2000)
        script.run(until: 3000)
        #expect(script.take() == ["2100 pause", "2500 interrupt", "2500 begin 2"])
    }

    @Test func forgetsShortSpeechWhenDurationCounts() {
        var script = answering { $0.minDuration = .milliseconds(800) }
        script.speech(2000, 2200)
        script.run(until: 9000)
        #expect(script.take() == ["2100 pause", "4200 resume"])
    }

    @Test(arguments: ["uh-huh", "Yeah.", "go on", "OK"])
    func goesOnAtABackChannel(text: String) {
        var script = answering { $0.minWords = 1 }
        script.begin(2000)
        script.interim(2300, text)
        script.end(2400)
        script.final(2900, text)
        #expect(script.take() == ["2100 pause", "2900 resume"])
    }

    @Test func takesABackChannelForAnAnswerWhenTheAgentAsked() {
        var script = answering { $0.minWords = 1 }
        script.begin(2000)
        script.interim(2300, "yeah", asked: true)
        #expect(script.take() == ["2100 pause", "2300 interrupt", "2300 begin 2"])
    }

    @Test func takesALongBackChannelForSpeech() {
        var script = answering { $0.minWords = 1 }
        script.begin(2000)
        script.interim(2300, "yeah")
        script.run(until: 4000)
        #expect(script.take() == ["2100 pause", "3000 interrupt", "3000 begin 2"])
    }

    @Test func interruptsAtABackChannelWhenVoiceSuffices() {
        var script = answering()
        script.begin(2000)
        #expect(script.take() == ["2100 interrupt", "2100 begin 2"])
    }

    @Test func takesTheSameWordsAfterTheReplyAsATurn() {
        var script = answering { $0.minWords = 1 }
        script.at(2000, .replyEnded(TurnID(1)))
        script.speech(2500, 2800)
        script.final(3300, "yeah")
        #expect(script.take() == ["2600 begin 2", "3300 end 2 completed \"yeah\""])
    }

    @Test func makesATurnOfSpeechThatOutlastsTheReply() {
        var script = answering { $0.minWords = 2 }
        script.begin(2000)
        script.at(2300, .replyEnded(TurnID(1)))
        script.end(2500)
        script.final(3000, "thanks")
        #expect(script.take() == ["2100 pause", "2300 resume", "2300 begin 2", "3000 end 2 completed \"thanks\""])
    }

    @Test func ignoresFewWordsWithoutVoiceOverTheAgent() {
        var script = answering { $0.minWords = 3 }
        script.final(2000, "oh really")
        #expect(script.take().isEmpty)
        script.final(2500, "please stop talking")
        #expect(
            script.take() == [
                "2500 interrupt", "2500 begin 2", "2500 end 2 completed \"please stop talking\" interrupting",
            ])
    }

    @Test func hearsOfInterruptionsByOthers() {
        var script = answering { $0.minWords = 2 }
        script.at(2000, .replyCut)
        script.speech(2500, 3000)
        script.final(3500, "hi")
        #expect(script.take() == ["2600 begin 2", "3500 end 2 completed \"hi\""])
    }

    @Test func ignoresWhatIsLeftOfAReplyThatCannotBeInterrupted() {
        var script = answering()
        script.begin(2000)
        script.at(2200, .replyHeard(TurnID(1)))
        script.at(2300, .replyEnded(TurnID(1)))
        script.end(3000)
        script.final(3500, "hello")
        #expect(script.take() == ["2100 interrupt", "2100 begin 2", "3500 end 2 completed \"hello\" interrupting"])
    }
}
