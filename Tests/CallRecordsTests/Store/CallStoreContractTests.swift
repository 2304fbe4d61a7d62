// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import CallRecords

/// What every store promises.
@Suite struct CallStoreContractTests {
    enum Kind: String, CaseIterable { case memory, sqlite }

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func store(_ kind: Kind) throws -> any CallStore {
        switch kind {
        case .memory: MemoryCallStore()
        case .sqlite: try SQLiteCallStore(path: directory.path("calls.sqlite"))
        }
    }

    @Test(arguments: Kind.allCases) func givesBackWhatWasWritten(_ kind: Kind) throws {
        let store = try store(kind)
        let first = CallHeader.example(1)
        let second = CallHeader.example(2)
        // The entries of calls come mixed, as calls do.
        let entries = zip(CallEntry.example(first), CallEntry.example(second, end: false)).flatMap { [$0, $1] }
        try store.write(entries)
        try store.write(Array(CallEntry.example(first).suffix(1)))
        #expect(try store.history(of: "CA1") == .example(first))
        #expect(try store.history(of: "CA2") == .example(second, end: false))
        #expect(try store.history(of: "CA3") == nil)
        store.close()
    }

    @Test(arguments: Kind.allCases) func takesABatchTwice(_ kind: Kind) throws {
        let store = try store(kind)
        let call = CallHeader.example(1)
        for _ in 0..<2 { try store.write(CallEntry.example(call)) }
        #expect(try store.history(of: "CA1") == .example(call))
        store.close()
    }

    @Test(arguments: Kind.allCases) func aCallGoesOnAfterItsEnd(_ kind: Kind) throws {
        let store = try store(kind)
        let call = CallHeader.example(1)
        try store.write(CallEntry.example(call))
        let time = MediaTime.zero + .seconds(12)
        let back = Utterance(.caller, turn: 2, heard: "Back again.")
        for _ in 0..<2 {
            try store.write([
                CallEntry(call, sequence: 9, at: time, .began),
                CallEntry(call, sequence: 10, at: time, .utterance(back)),
            ])
        }
        let active = try #require(try store.history(of: "CA1"))
        #expect(active.call.state == .active && active.call.end == nil)
        #expect(active.utterances.last == .init(time, back))
        var end = CallEnd.example
        end.reason = "agent_ended"
        try store.write([CallEntry(call, sequence: 11, at: time, .ended(end))])
        #expect(try store.calls(CallFilter()).map(\.end) == [end])
        store.close()
    }

    @Test(arguments: Kind.allCases) func knowsACallWhoseBeginningWasLost(_ kind: Kind) throws {
        let store = try store(kind)
        let call = CallHeader.example(1)
        try store.write(Array(CallEntry.example(call).dropFirst()))
        #expect(try store.history(of: "CA1") == .example(call))
        store.close()
    }

    @Test(arguments: Kind.allCases) func findsTheNewestCallOfAnID(_ kind: Kind) throws {
        let store = try store(kind)
        try store.write(CallEntry.example(.example(1, id: "desk")))
        try store.write(CallEntry.example(.example(2, id: "desk", from: "+15550111"), end: false))
        #expect(try store.history(of: "desk")?.call.header.from == "+15550111")
        #expect(try store.calls(CallFilter()).map(\.header.serial) == [2, 1])
        #expect(
            try store.histories(CallFilter(state: .ended)) == [.example(.example(1, id: "desk"))])
        store.close()
    }

    @Test(arguments: Kind.allCases) func filters(_ kind: Kind) throws {
        let store = try store(kind)
        for serial in 1...5 {
            let call = CallHeader.example(
                serial, from: serial == 3 ? "15550177" : "+15550100", began: Int64(serial) * 1000)
            try store.write(CallEntry.example(call, end: serial != 5))
        }
        func serials(_ filter: CallFilter) throws -> [Int] { try store.calls(filter).map(\.header.serial) }
        #expect(try serials(CallFilter()) == [5, 4, 3, 2, 1])
        #expect(try serials(CallFilter(state: .active)) == [5])
        #expect(try serials(CallFilter(reason: "hung_up")) == [4, 3, 2, 1])
        #expect(try serials(CallFilter(reason: "idle")) == [])
        #expect(try serials(CallFilter(number: "+1 (555) 01-77")) == [3])
        #expect(try serials(CallFilter(number: " 15550199")) == [5, 4, 3, 2, 1])
        #expect(
            try serials(CallFilter(since: WallTime(milliseconds: 2000), until: WallTime(milliseconds: 4000))) == [3, 2])
        #expect(try serials(CallFilter(pipeline: "back_desk")) == [])
        var page = CallFilter(limit: 2)
        page.offset = 1
        #expect(try serials(page) == [4, 3])
        store.close()
    }

    @Test(arguments: Kind.allCases) func marksAsLostWhatNobodyGoesOnWith(_ kind: Kind) throws {
        let store = try store(kind)
        for serial in 1...3 { try store.write(CallEntry.example(.example(serial), end: serial == 1)) }
        #expect(try store.settle(live: [3]) == 1)
        #expect(try store.calls(CallFilter()).map(\.state) == [.active, .lost, .ended])
        #expect(try store.history(of: "CA2")?.call.end == nil)
        // Its end comes after all.
        try store.write(Array(CallEntry.example(.example(2)).suffix(1)))
        #expect(try store.history(of: "CA2")?.call.state == .ended)
        store.close()
    }

    @Test(arguments: Kind.allCases) func erasesByNumber(_ kind: Kind) throws {
        let store = try store(kind)
        let numbers = ["+15550100", "+15550101", "+15550100", "+15550102"]
        for (index, number) in numbers.enumerated() {
            try store.write(CallEntry.example(.example(index + 1, from: number), end: index != 2))
        }
        var forwarded = CallHeader.example(5, from: "+15550103")
        forwarded.attributes["forwarded_from"] = "+15550100"
        try store.write(CallEntry.example(forwarded))
        var removed: [String] = []
        let count = try store.erase(.number("1 555 0100"), limit: 10) { removed.append($0) }
        #expect(count == 2)
        #expect(removed == ["/calls/CA1.wav", "/calls/CA1.wav"])
        // A call that goes on stays; so do those of others.
        #expect(try store.calls(CallFilter()).map(\.header.serial) == [4, 3, 2])
        #expect(try store.history(of: "CA1") == nil)
        store.close()
    }

    @Test(arguments: Kind.allCases) func erasesWhatIsOldEnough(_ kind: Kind) throws {
        let store = try store(kind)
        for serial in 1...5 { try store.write(CallEntry.example(.example(serial), end: serial != 5)) }
        let ended = CallEnd.example.time
        #expect(try store.erase(.endedBefore(ended), limit: 10) { _ in } == 0)
        #expect(try store.erase(.endedBefore(ended + .milliseconds(1)), limit: 3) { _ in } == 3)
        #expect(try store.erase(.endedBefore(ended + .milliseconds(1)), limit: 3) { _ in } == 1)
        #expect(try store.calls(CallFilter()).map(\.header.serial) == [5])
        store.close()
    }

    @Test(arguments: Kind.allCases) func keepsACallWhoseRecordingStays(_ kind: Kind) throws {
        struct Stuck: Error {}
        let store = try store(kind)
        try store.write(CallEntry.example(.example(1)))
        #expect(throws: CallStoreError.self) {
            _ = try store.erase(.number("+15550100"), limit: 10) { _ in throw Stuck() }
        }
        #expect(try store.history(of: "CA1") == .example(.example(1)))
        store.close()
    }
}
