// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// What holds whatever happens, in whatever order.
@Suite struct RandomTurnsTests {
    @Test(arguments: 0..<200) func keepsItsPromises(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var script = TurnScript {
            $0.minWords = Int.random(in: 0...2, using: &generator)
            $0.minDuration = .milliseconds(Int.random(in: 0...1, using: &generator) * 500)
            $0.endSilence = .milliseconds(Int.random(in: 0...500, using: &generator))
            $0.maxTurn = .seconds(8)
            $0.silenceTimeout = .seconds(6)
            $0.nudges = 1000
        }
        var time = 0
        for _ in 0..<300 {
            time += Int.random(in: 0...1500, using: &generator)
            script.at(time, event(time, lastTurn: script.lastTurn, using: &generator))
        }
        script.at(time, .inputEnded(isAnswered: Bool.random(using: &generator)))
        script.run(until: time + 60_000)
        check(script.take())
        #expect(script.isIdle)
    }

    private func event(
        _ time: Int, lastTurn: Int, using generator: inout SeededGenerator
    ) -> TurnMachine.Event {
        let moment = MediaTime(nanoseconds: Int64(time - Int.random(in: 0...400, using: &generator)) * 1_000_000)
        let text = ["", "yeah", "book a table", "stop", "for two please"].randomElement(using: &generator) ?? ""
        let turn = TurnID(max(0, lastTurn - Int.random(in: 0...1, using: &generator)))
        return switch Int.random(in: 0...9, using: &generator) {
        case 0, 1: .voice(VoiceActivity(.speechStarted, at: moment))
        case 2, 3: .voice(VoiceActivity(.speechStopped, at: moment))
        case 4: .transcript(Transcript(text, isFinal: false))
        case 5: .transcript(Transcript(text, isUtteranceEnd: Bool.random(using: &generator)))
        case 6: .replyAsked(turn)
        case 7: .replyHeard(turn)
        case 8: .replyEnded(turn)
        default: .replyCut
        }
    }

    /// Turns begin and end in order and one at a time, and what was paused goes on or is interrupted.
    private func check(_ log: [String]) {
        var open: Substring?
        var last = 0
        var isPaused = false
        for line in log {
            let words = line.split(separator: " ")
            switch words[1] {
            case "begin":
                #expect(open == nil, "\(line)")
                #expect(Int(words[2]) == last + 1, "\(line)")
                #expect(!isPaused, "\(line)")
                last += 1
                open = words[2]
            case "end" where words[3] == "silence":
                #expect(open == nil && !isPaused, "\(line)")
                last += 1
            case "end":
                #expect(open == words[2], "\(line)")
                open = nil
            case "pause":
                #expect(!isPaused && open == nil, "\(line)")
                isPaused = true
            case "resume", "interrupt": isPaused = false
            default: Issue.record("\(line)")
            }
        }
        #expect(open == nil)
        #expect(!isPaused)
    }
}
