// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import CallRecords

@Suite struct RecordsBacklogTests {
    private var backlog = RecordsBacklog(capacity: 100)

    private mutating func begin(_ id: String) {
        backlog.begin(Call(id: id, transport: "twilio"), pipeline: "desk", at: .zero, WallTime(milliseconds: 0))
    }

    @Test mutating func keepsTheOrderAndCountsTheEntriesOfEachCall() {
        begin("a")
        begin("b")
        for text in ["one", "two"] {
            backlog.add(.utterance(Utterance(.caller, turn: 1, heard: text)), of: "a", at: .zero)
        }
        backlog.end(.example, of: "b", at: .zero)
        let shown = backlog.first(10).map { "\($0.call.id)\($0.sequence)" }
        #expect(shown == ["a0", "b0", "a1", "a2", "b1"])
        #expect(backlog.first(2).count == 2)
        backlog.removeFirst(4)
        #expect(backlog.first(10).map(\.item) == [.ended(.example)])
        #expect(backlog.live.keys.sorted() == ["a"])
    }

    @Test mutating func aCallerWhoIsBackGoesOnWithTheCall() {
        begin("a")
        backlog.end(.example, of: "a", at: .zero + .seconds(1))
        var call = Call(id: "a", transport: "twilio")
        call.memory = SessionMemory()
        backlog.begin(call, pipeline: "desk", at: .zero, WallTime(milliseconds: 4000))
        backlog.add(.utterance(Utterance(.caller, turn: 2, heard: "back")), of: "a", at: .zero + .seconds(1))
        backlog.end(.example, of: "a", at: .zero + .seconds(2))
        let entries = backlog.first(10)
        #expect(Set(entries.map(\.call.serial)).count == 1)
        #expect(entries.map(\.sequence) == [0, 1, 2, 3, 4])
        #expect(entries.map { $0.time - .zero } == [0, 1, 4, 5, 6].map { .seconds($0) })
        guard case .ended(let end) = entries[4].item else {
            Issue.record("the end is missing")
            return
        }
        #expect(end.duration == CallEnd.example.duration + .seconds(4))
        // A call of the same name that is another one is another one.
        begin("a")
        #expect(backlog.first(10).last?.call.serial != entries[0].call.serial)
    }

    @Test mutating func theCallsThatMayGoOnAreBounded() {
        for number in 0..<300 {
            begin("\(number)")
            backlog.end(.example, of: "\(number)", at: .zero)
            backlog.removeFirst(2)
        }
        var call = Call(id: "0", transport: "twilio")
        call.memory = SessionMemory()
        backlog.begin(call, pipeline: "desk", at: .zero, WallTime(milliseconds: 0))
        #expect(backlog.first(10).map(\.sequence) == [0])
    }

    @Test mutating func ignoresWhatBelongsToNoCall() {
        backlog.add(.event(CallEvent("metric")), of: "nobody", at: .zero)
        backlog.end(.example, of: "nobody", at: .zero)
        #expect(backlog.isEmpty)
    }

    @Test mutating func losesTheNewestAndCountsThem() {
        begin("a")
        for turn in 0..<150 { backlog.add(.event(CallEvent("turn_started", turn: turn)), of: "a", at: .zero) }
        #expect(backlog.count == 100)
        #expect(backlog.lostCount == 51)
        // Its end has a place all the same, and says how much is missing.
        backlog.end(.example, of: "a", at: .zero)
        guard case .ended(let end) = backlog.first(200).last?.item else {
            Issue.record("the end is lost")
            return
        }
        #expect(end.lostEntries == 51)
        #expect(backlog.first(200).last?.sequence == 151)
        #expect(!backlog.hasLostEnds)
    }

    @Test mutating func rememberThatAnEndWasLost() {
        for call in 0..<300 { begin("\(call)") }
        #expect(backlog.count == 200)
        backlog.end(.example, of: "0", at: .zero)
        #expect(backlog.hasLostEnds)
        #expect(backlog.live.count == 299)
        backlog.hasSettled()
        #expect(!backlog.hasLostEnds)
    }

    @Test mutating func holdsABoundedNumberOfBytes() {
        begin("a")
        let speech = String(repeating: "é", count: 40_000)
        for _ in 0..<100 { backlog.add(.utterance(Utterance(.caller, turn: 1, heard: speech)), of: "a", at: .zero) }
        guard case .utterance(let utterance) = backlog.first(2).last?.item else {
            Issue.record("nothing is kept")
            return
        }
        #expect(utterance.heard.utf8.count <= RecordsBacklog.mostTextBytes + 3)
        #expect(utterance.heard.hasPrefix("éé") && utterance.heard.hasSuffix("é…"))
        // 100 KiB hold three utterances of two texts of 16 KiB.
        #expect(backlog.count == 4)
        backlog.removeFirst(4)
        backlog.add(.utterance(Utterance(.caller, turn: 1, heard: speech)), of: "a", at: .zero)
        #expect(backlog.count == 1)
    }

    @Test mutating func anIDThatComesTwiceBeginsANewCall() {
        begin("a")
        begin("a")
        #expect(backlog.first(2).map(\.call.serial) == [1, 2])
        #expect(backlog.hasLostEnds)
        #expect(backlog.live["a"]?.header.serial == 2)
    }
}
