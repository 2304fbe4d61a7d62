// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PipelineKit
@testable import Runner

@Suite struct CallViewTests {
    private let printed = CapturedOutput()

    private func event(_ event: SessionEvent, at milliseconds: Int = 0) -> RunEvent {
        RunEvent(call: "a", transport: "file", time: .zero + .milliseconds(milliseconds), event: event)
    }

    private let turn = TurnRecord(
        turn: TurnID(2), gap: .milliseconds(812),
        parts: [
            .init(name: "endpointing", duration: .milliseconds(400)), .init(name: "model", duration: .zero),
            .init(name: "own", duration: .milliseconds(412)),
        ])

    @Test func everyLineSaysWhenWhoAndWhat() {
        let line = EventLine(output: printed.output)
        #expect(
            line.text(event(.heardCaller(TurnID(1), text: "a haircut", isFinal: true), at: 64_250))
                == "1:04.2  caller    a haircut")
        #expect(line.text(event(.heardCaller(TurnID(1), text: "a", isFinal: false))) == nil)
        #expect(
            line.text(event(.spoke(TurnID(1), heard: "We are", planned: "We are open.", isInterrupted: true), at: 900))
                == "0:00.9  agent     We are — open.")
        #expect(line.text(event(.turn(turn))) == "0:00.0  turn 2    812 ms = endpointing 400 + own 412")
    }

    @Test func theBoardShowsWhoSpeaksAndTheWordsAsTheyCome() {
        var board = CallBoard(call: "a")
        board.apply(event(.callerSpeaking(true)))
        board.apply(event(.heardCaller(TurnID(1), text: "i would like", isFinal: false), at: 1500))
        let statistics = statistics(dropped: ["queue_full": 3, "stale": 9], depth: 4)
        board.apply(SessionFigures(now: .zero + .milliseconds(1700), processors: [statistics]))
        #expect(
            board.lines(printed.output, width: 100) == [
                "● caller  i would like …", "○ agent",
                "  0:01.7 · 4 frames wait before stt · 3 frames dropped",
            ])
        board.apply(event(.heardCaller(TurnID(1), text: "i would like a cut", isFinal: true), at: 2000))
        board.apply(event(.callerSpeaking(false), at: 2000))
        board.apply(event(.agentSpeaking(true), at: 2500))
        board.apply(event(.turn(turn), at: 2500))
        #expect(board.lines(printed.output, width: 100).prefix(2) == ["○ caller", "● agent"])
    }

    @Test func warnsOnceOfDropsAndAgainWhenTheyDouble() {
        var watch = DropWatch()
        let three = [statistics(dropped: ["queue_full": 3])]
        #expect(watch.warnings(three) == ["stt has dropped 3 frames (queue_full)"])
        #expect(watch.warnings(three).isEmpty)
        #expect(watch.warnings([statistics(dropped: ["queue_full": 5])]).isEmpty)
        #expect(watch.warnings([statistics(dropped: ["queue_full": 6])]).count == 1)
        #expect(watch.warnings([statistics(dropped: ["stale": 100])]).isEmpty)
    }

    @Test func theTranscriptHoldsWhatWasHeard() {
        var record = CallRecord()
        record.add(
            event(.spoke(TurnID(0), heard: "Hello.", planned: "Hello. How are you?", isInterrupted: true), at: 1000))
        record.add(event(.heardCaller(TurnID(1), text: "", isFinal: true)))
        record.add(event(.heardCaller(TurnID(1), text: "stop", isFinal: true), at: 2000))
        record.add(event(.turn(turn)))
        #expect(
            record.transcript == """
                0:01.0  agent : Hello. [interrupted; planned: Hello. How are you?]
                0:02.0  caller: stop

                """)
        #expect(
            record.turnsTable == """
                turn  gap ms  endpointing  model    own
                   2   812.0        400.0    0.0  412.0

                """)
    }

    private func statistics(dropped: [String: Int], depth: Int = 0) -> ProcessorStatistics {
        ProcessorStatistics(
            id: "stt", framesIn: 0, framesOut: 0, framesDropped: dropped, meanProcessDuration: nil,
            longestProcessDuration: nil, queueDepth: depth, queuePeak: depth, queueAge: nil)
    }
}
