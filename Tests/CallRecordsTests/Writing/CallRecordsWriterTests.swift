// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import PipelineKit
import PipelineTesting
import Testing

@testable import CallRecords

@Suite struct CallRecordsWriterTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path("calls.sqlite") }

    init() throws { directory = try TemporaryDirectory() }

    private func writer(_ change: (inout RecordsSettings) -> Void = { _ in }) -> CallRecordsWriter {
        let path = path
        var settings = RecordsSettings(pipeline: "front_desk")
        settings.now = { WallTime(milliseconds: 1_795_273_445_123) }
        change(&settings)
        return CallRecordsWriter(settings) { () throws(CallStoreError) in
            try SQLiteCallStore(path: path, busyTimeout: 0.01)
        }
    }

    private let call = Call(
        id: "CA1", transport: "twilio", attributes: ["from": "+1 555 0100", "to": "+15550199", "direction": "inbound"])
    private let report = SessionReport(reason: .hungUp, duration: .milliseconds(2500), abandoned: [], processors: [])

    @Test func aCallCanBeReadAsSoonAsItIsOver() async throws {
        let writer = writer()
        let time = MediaTime.zero + .milliseconds(1500)
        writer.session(call, at: .zero, .started)
        writer.session(call, at: time, .heardCaller(TurnID(1), text: "hel", isFinal: false))
        writer.session(call, at: time, .heardCaller(TurnID(1), text: "Hello.", isFinal: true))
        writer.session(
            call, at: time, .spoke(TurnID(1), heard: "Good", planned: "Good morning.", isInterrupted: true))
        #expect(try await writer.call("CA1")?["state"] == "active")
        writer.session(call, at: time + .seconds(1), .ended(report))
        let json = try #require(try await writer.call("CA1"))
        #expect(json["state"] == "ended")
        #expect(json["from"] == "+15550100")
        #expect(json["began"] == "2026-11-21T15:04:05.123Z")
        #expect(json["end_reason"] == "hung_up")
        #expect(json["duration_ms"] == .number(2500))
        #expect(
            json["transcript"] == [
                [
                    "time_ms": 1500.0, "role": "caller", "turn": 1, "heard": "Hello.", "planned": "Hello.",
                    "interrupted": false,
                ],
                [
                    "time_ms": 1500.0, "role": "agent", "turn": 1, "heard": "Good", "planned": "Good morning.",
                    "interrupted": true,
                ],
            ])
        #expect(try await writer.call("CA2") == nil)
        #expect(writer.figures == RecordsFigures(written: 4, lost: 0, waiting: 0, failures: 0))
        await writer.close()
    }

    @Test func leavesOutWhatWasSaidWhenAsked() async throws {
        let writer = writer { $0.transcripts = false }
        writer.session(call, at: .zero, .started)
        writer.session(call, at: .zero, .heardCaller(TurnID(1), text: "Hello.", isFinal: true))
        writer.session(call, at: .zero, .spoke(TurnID(1), heard: "Hi.", planned: "Hi.", isInterrupted: false))
        writer.session(call, at: .zero, .ended(report))
        #expect(try await writer.call("CA1")?["transcript"] == [])
        await writer.close()
        #expect(!directory.contains("Hello."))
    }

    @Test func aLockedFileCostsTheRecordNotTheCall() async throws {
        _ = try SQLiteCallStore(path: path)
        let other = try Holder.queue(path)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let writer = writer { $0.capacity = 100 }
        writer.session(call, at: .zero, .started)
        // The session's loop is never held up, and memory stays bounded.
        for turn in 1...100_000 { writer.session(call, at: .zero, .turnStarted(TurnID(turn))) }
        writer.session(call, at: .zero, .ended(report))
        await writer.flush()
        #expect(writer.figures.waiting == 101)
        #expect(writer.figures.lost == 99_901)
        #expect(writer.figures.failures > 0)
        await #expect(throws: CallStoreError.self) { try await writer.call("CA1") }
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        await writer.close()
        // What fitted in memory is written before the end.
        #expect(writer.figures.written == 101 && writer.figures.lost == 99_901)
    }

    @Test func keepsUpWithManyEvents() async throws {
        let writer = writer()
        writer.session(call, at: .zero, .started)
        for turn in 1...100_000 {
            writer.session(call, at: .zero, .turnStarted(TurnID(turn)))
            if turn.isMultiple(of: 5000) { await writer.flush() }
        }
        writer.session(call, at: .zero, .ended(report))
        await writer.flush()
        #expect(writer.figures == RecordsFigures(written: 100_002, lost: 0, waiting: 0, failures: 0))
        await writer.close()
    }

    @Test func closingInTroubleEnds() async throws {
        let writer = CallRecordsWriter(RecordsSettings(pipeline: "desk")) { () throws(CallStoreError) in
            throw CallStoreError(.unavailable, "nothing works today")
        }
        writer.session(call, at: .zero, .started)
        await writer.close()
        #expect(writer.figures.lost == 1)
    }
}
