// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization
import Testing

@testable import CallRecords

@Suite struct RecordsDeskTests {
    private let backlog = SharedBacklog(capacity: 1000)
    private let faults = FaultyStore()
    private let log = Log()

    private func desk(_ change: (inout RecordsSettings) -> Void = { _ in }) -> RecordsDesk {
        var settings = RecordsSettings(pipeline: "desk")
        let log = log
        settings.log = { line in log.lines.withLock { $0.append(line) } }
        change(&settings)
        let faults = faults
        return RecordsDesk(settings, backlog: backlog) { () throws(CallStoreError) in
            if let error = faults.state.withLock({ $0.failsToOpen }) { throw error }
            return faults
        }
    }

    private func begin(_ id: String) {
        let call = Call(id: id, transport: "twilio")
        backlog.state.withLock { $0.begin(call, pipeline: "desk", at: .zero, WallTime(milliseconds: 0)) }
    }

    private func say(_ text: String, _ id: String) {
        backlog.state.withLock { $0.add(.utterance(Utterance(.caller, turn: 1, heard: text)), of: id, at: .zero) }
    }

    private func heard(_ id: String) throws -> [String]? {
        try faults.history(of: id)?.utterances.map(\.value.heard)
    }

    @Test func writesEverythingInOrder() throws {
        begin("a")
        for number in 0..<900 { say("\(number)", "a") }
        #expect(desk().work() == nil)
        #expect(try heard("a") == (0..<900).map { "\($0)" })
        #expect(faults.state.withLock { $0.batches } == [500, 401])
    }

    @Test func numbersOverSeveralUtterancesAreHiddenAlsoWhenTheStoreFailsMeanwhile() throws {
        let desk = desk { $0.redactor = Redactor(digits: .longNumbers) }
        begin("a")
        say("it is 411", "a")
        #expect(desk.work() == nil)
        #expect(try heard("a") == [])
        faults.state.withLock { $0.failures = [CallStoreError(.unavailable, "the disk is full")] }
        say("12, yes", "a")
        #expect(desk.work() != nil)
        #expect(desk.work() == nil)
        #expect(try heard("a") == ["it is ###", "##, yes"])
        say("at 3", "a")
        #expect(desk.work() == nil)
        desk.close()
        #expect(try heard("a") == ["it is ###", "##, yes", "at 3"])
    }

    @Test func triesAgainLaterAndLaterAndLosesNothingThatFits() throws {
        let desk = desk()
        let full = CallStoreError(.unavailable, "calls.sqlite: the disk is full; free some space")
        begin("a")
        faults.state.withLock { $0.failures = Array(repeating: full, count: 9) }
        let pauses = (0..<9).map { _ in desk.work() }
        #expect(pauses[..<4] == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2)])
        #expect(pauses.last == .seconds(15))
        say("still here", "a")
        #expect(desk.work() == nil)
        #expect(try heard("a") == ["still here"])
        // One line for the trouble, one for its end.
        #expect(
            log.lines.withLock { $0 } == [
                "call records: \(full); calls go on, what does not fit in memory is lost",
                "call records: written again; 0 entries were lost so far",
            ])
        #expect(backlog.failures.load(ordering: .relaxed) == 9)
    }

    @Test func opensADamagedStoreAnew() throws {
        let desk = desk()
        begin("a")
        faults.state.withLock { $0.failures = [CallStoreError(.damaged, "calls.sqlite: is damaged")] }
        #expect(desk.work() == .milliseconds(250))
        faults.state.withLock { $0.failsToOpen = CallStoreError(.damaged, "calls.sqlite: is damaged") }
        #expect(desk.work() == .milliseconds(500))
        #expect(desk.readableStore == nil)
        faults.state.withLock { $0.failsToOpen = nil }
        #expect(desk.work() == nil)
        #expect(try faults.history(of: "a")?.call.state == .active)
        #expect(log.lines.withLock { $0.count } == 2)
    }

    @Test func writesOneByOneWhatIsRefusedTogether() throws {
        let desk = desk()
        begin("a")
        for text in ["good", "bad", "fine"] { say(text, "a") }
        faults.state.withLock { $0.refused = "bad" }
        #expect(desk.work() == nil)
        #expect(try heard("a") == ["good", "fine"])
        #expect(backlog.state.withLock { $0.lostCount } == 1)
        #expect(backlog.written.load(ordering: .relaxed) == 3)
    }

    @Test func marksACallWhoseEndDidNotFit() throws {
        let desk = desk()
        begin("first")
        begin("second")
        #expect(desk.work() == nil)
        for call in 0..<2000 { begin("\(call)") }
        backlog.state.withLock { $0.end(.example, of: "first", at: .zero) }
        #expect(desk.work() == nil)
        #expect(try faults.history(of: "first")?.call.state == .lost)
        #expect(try faults.history(of: "second")?.call.state == .active)
    }

    @Test func addsTheRecordingAndHidesWhatIsSecret() throws {
        let desk = desk {
            $0.recording = { "/calls/\($0).wav" }
            $0.redactor = Redactor(secrets: ["hunter22"], digits: .digits)
        }
        begin("a")
        say("my pin is 1234 and the word hunter22", "a")
        backlog.state.withLock { $0.end(.example, of: "a", at: .zero) }
        #expect(desk.work() == nil)
        #expect(try heard("a") == ["my pin is #### and the word ***"])
        #expect(try faults.history(of: "a")?.call.end?.recording == "/calls/a.wav")
    }

    @Test func erasesWhatHasBeenKeptLongEnough() throws {
        let removed = Log()
        let desk = desk {
            $0.keep = .seconds(100)
            $0.recording = { "/calls/\($0).wav" }
            $0.removeRecording = { path in removed.lines.withLock { $0.append(path) } }
        }
        for call in 0..<450 {
            begin("\(call)")
            backlog.state.withLock { $0.end(.example, of: "\(call)", at: .zero) }
            if call % 200 == 0 { #expect(desk.work() == nil) }
        }
        #expect(desk.work() == nil)
        let ended = CallEnd.example.time
        #expect(!desk.keepHouse(now: ended + .seconds(100)))
        let later = ended + .milliseconds(100_001)
        #expect(
            [desk.keepHouse(now: later), desk.keepHouse(now: later), desk.keepHouse(now: later)] == [true, true, false])
        #expect(try faults.calls(CallFilter()).isEmpty)
        #expect(removed.lines.withLock { $0.count } == 450)
    }

    @Test func countsWhatCouldNotBeWrittenBeforeTheEnd() {
        let desk = desk()
        begin("a")
        say("unheard", "a")
        faults.state.withLock { $0.failures = [CallStoreError(.unavailable, "x"), CallStoreError(.unavailable, "x")] }
        desk.close()
        #expect(backlog.state.withLock { $0.lostCount } == 2)
        #expect(log.lines.withLock { $0.last } == "call records: 2 entries could not be written before the end")
        #expect(desk.work() == nil)
    }
}

/// Lines that were logged.
final class Log: Sendable {
    let lines = Mutex<[String]>([])
}

/// A store in memory that fails as it is told.
final class FaultyStore: CallStore {
    struct State {
        var failsToOpen: CallStoreError?
        /// The errors of the next writes.
        var failures: [CallStoreError] = []
        /// What no entry may say.
        var refused: String?
        var batches: [Int] = []
    }

    let state = Mutex(State())
    private let memory = MemoryCallStore(capacity: 10_000)

    func write(_ entries: [CallEntry]) throws(CallStoreError) {
        let failure = state.withLock { state -> CallStoreError? in
            if !state.failures.isEmpty { return state.failures.removeFirst() }
            let isRefused = entries.contains {
                if case .utterance(let utterance) = $0.item { utterance.heard == state.refused } else { false }
            }
            if isRefused { return CallStoreError(.refused, "refused") }
            state.batches.append(entries.count)
            return nil
        }
        if let failure { throw failure }
        try memory.write(entries)
    }

    func settle(live: Set<Int>) throws(CallStoreError) -> Int { try memory.settle(live: live) }
    func recoverLost() throws(CallStoreError) -> Int { 0 }
    func calls(_ filter: CallFilter) throws(CallStoreError) -> [RecordedCall] { try memory.calls(filter) }
    func histories(_ filter: CallFilter) throws(CallStoreError) -> [CallHistory] { try memory.histories(filter) }
    func history(of id: String) throws(CallStoreError) -> CallHistory? { try memory.history(of: id) }
    func erase(
        _ erasure: Erasure, limit: Int, removeRecording: (String) throws -> Void
    ) throws(CallStoreError) -> Int {
        try memory.erase(erasure, limit: limit, removeRecording: removeRecording)
    }
    func close() {}
}
