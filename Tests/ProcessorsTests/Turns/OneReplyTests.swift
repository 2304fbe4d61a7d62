// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

/// One utterance gets one reply, however late its words come; and silence gets a few.
@Suite struct OneReplyTests {
    private func spoken(_ change: (inout TurnParameters) -> Void = { _ in }) -> TurnScript {
        var script = TurnScript(change)
        script.speech(1000, 2000)
        return script
    }

    @Test(arguments: [0, 3])
    func supersedesAReplyThatIsNotHeardByLateWords(minWords: Int) {
        var script = spoken { $0.minWords = minWords }
        script.final(2500, "book a table")
        script.final(2700, "tonight")
        #expect(
            script.take() == [
                "1100 begin 1", "2500 end 1 completed \"book a table\"", "2700 interrupt", "2700 begin 2",
                "2700 end 2 completed \"book a table tonight\" supersedes 1 interrupting",
            ])
    }

    @Test func supersedesMoreThanOnce() {
        var script = spoken()
        script.final(2500, "book")
        script.final(2600, "a table")
        script.final(2700, "tonight")
        #expect(script.take().last == "2700 end 3 completed \"book a table tonight\" supersedes 2 interrupting")
    }

    @Test func ignoresALateInterim() {
        var script = spoken()
        script.final(2500, "book a table")
        _ = script.take()
        script.interim(2600, "tonight")
        #expect(script.take().isEmpty)
    }

    @Test func keepsTheReplyWhenALateFinalSaysTheSame() {
        var script = spoken()
        script.interim(2300, "book a table")
        script.run(until: 4100)
        script.final(4200, "Book a table.")
        #expect(script.take() == ["1100 begin 1", "4000 end 1 completed \"book a table\""])
    }

    @Test func replacesWordsThatALateFinalCorrects() {
        var script = spoken()
        script.interim(2300, "book a cable")
        script.run(until: 4100)
        script.final(4200, "book a table")
        #expect(
            script.take() == [
                "1100 begin 1", "4000 end 1 completed \"book a cable\"", "4200 interrupt", "4200 begin 2",
                "4200 end 2 completed \"book a table\" supersedes 1 interrupting",
            ])
    }

    @Test func opensATurnForLateWordsOnceTheReplyIsHeard() {
        var script = spoken()
        script.final(2500, "book a table")
        script.at(2900, .replyHeard(TurnID(1)))
        script.final(3000, "tonight")
        #expect(
            script.take() == [
                "1100 begin 1", "2500 end 1 completed \"book a table\"", "3000 interrupt", "3000 begin 2",
                "3000 end 2 completed \"tonight\" interrupting",
            ])
    }

    @Test func asksASilentCallerAndGivesUp() {
        var script = TurnScript {
            $0.silenceTimeout = .seconds(5)
            $0.nudges = 2
        }
        script.at(0, .replyAsked(TurnID(0)))
        script.at(500, .replyHeard(TurnID(0)))
        script.at(2000, .replyEnded(TurnID(0)))
        script.run(until: 8000)
        #expect(script.take() == ["7000 end 1 silence \"\""])
        script.at(8000, .replyHeard(TurnID(1)))
        script.at(9000, .replyEnded(TurnID(1)))
        script.at(15_000, .replyEnded(TurnID(2)))
        script.run(until: 60_000)
        #expect(script.take() == ["14000 end 2 silence \"\"", "20000 end session"])
    }

    @Test(arguments: [TurnMachine.Event.key, .voice(VoiceActivity(.speechStarted, at: .zero + .milliseconds(4800)))])
    func countsNudgesAnewOnceTheCallerIsThere(event: TurnMachine.Event) {
        var script = TurnScript {
            $0.silenceTimeout = .seconds(5)
            $0.nudges = 1
        }
        script.run(until: 5000)
        script.at(6000, .replyEnded(TurnID(1)))
        script.at(7000, event)
        script.end(7500)
        script.final(8000, "")
        script.at(8500, .replyEnded(TurnID(2)))
        script.run(until: 13_600)
        let log = script.take()
        #expect(log.filter { $0.contains("silence") }.count == 2)
        #expect(!log.contains { $0.contains("end session") })
    }

    @Test func neverNudgesWhileSomebodySpeaks() {
        var script = TurnScript { $0.silenceTimeout = .seconds(5) }
        script.begin(1000)
        script.run(until: 20_000)
        #expect(script.take() == ["1100 begin 1"])
        script.end(20_000)
        script.final(20_500, "so that is it")
        script.at(21_000, .replyHeard(TurnID(1)))
        script.run(until: 60_000)
        #expect(script.take() == ["20500 end 1 completed \"so that is it\""])
    }

    @Test func noticesSilenceAfterAReplyThatNeverCame() {
        var script = TurnScript { $0.silenceTimeout = .seconds(5) }
        script.final(1000, "hello")
        script.run(until: 21_500)
        #expect(script.take() == ["1000 begin 1", "1000 end 1 completed \"hello\"", "21000 end 2 silence \"\""])
    }
}
