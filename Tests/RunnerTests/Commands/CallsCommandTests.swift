// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CallRecords
import Glibc
import PipelineKit
import PipelineTesting
import Testing

@testable import Runner

@Suite struct CallsCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A pipeline whose calls are recorded, and the file of the records.
    private func recordedCalls() throws -> (pipeline: String, records: String) {
        let pipeline = try directory.write("records: { path: \"books/calls.sqlite\" }\n" + vadOnly, to: "ears.yaml")
        let path = directory.path("books/calls.sqlite")
        let store = try SQLiteCallStore(path: path)
        defer { store.close() }
        for serial in 1...3 {
            let call = Call(
                id: "CA\(serial)", transport: "twilio",
                attributes: ["from": "+1555010\(serial)", "to": "+15550199", "color": "\u{1B}[31mred"])
            let header = CallHeader(
                serial: serial, pipeline: "ears", call: call,
                began: WallTime(milliseconds: 1_795_273_445_000 + Int64(serial) * 1000))
            var items: [CallItem] = [
                .began, .utterance(Utterance(.caller, turn: 1, heard: "Hello.")),
                .turn(
                    TurnRecord(
                        turn: TurnID(1), gap: .milliseconds(812),
                        parts: [.init(name: "model", duration: .milliseconds(812))])),
                .utterance(Utterance(.agent, turn: 1, heard: "Good", planned: "Good morning.", isInterrupted: true)),
                .event(CallEvent("error", name: "tts", text: "the voice is gone")),
            ]
            if serial < 3 {
                let end = CallEnd(
                    reason: "hung_up", duration: .seconds(serial * 61), time: .now(),
                    recording: directory.path("CA\(serial).wav"))
                items.append(.ended(end))
            }
            try store.write(
                items.enumerated().map { sequence, item in
                    CallEntry(header, sequence: sequence, at: .zero + .milliseconds(sequence * 500), item)
                })
        }
        return (pipeline, path)
    }

    @Test func listsCalls() async throws {
        let (pipeline, records) = try recordedCalls()
        let result = await CommandResult.of("calls", "list", pipeline)
        #expect(result.status == .good)
        #expect(
            result.printed.lines == [
                "began                lasted  from       to         turns  slowest  end      id",
                "2026-11-21 15:04:08          +15550103  +15550199      1   812 ms  lost     CA3",
                "2026-11-21 15:04:07  2:02.0  +15550102  +15550199      1   812 ms  hung_up  CA2",
                "2026-11-21 15:04:06  1:01.0  +15550101  +15550199      1   812 ms  hung_up  CA1",
            ])
        let one = await CommandResult.of("calls", "list", records, "--number", "1 555 0102", "--json")
        #expect(one.printed.lines.count == 1)
        #expect(one.printed.result.hasPrefix("{\"id\":\"CA2\",\"state\":\"ended\",\"pipeline\":\"ears\""))
        let none = await CommandResult.of("calls", "list", records, "--since", "2027-01-01")
        #expect(none.printed.lines.isEmpty)
        #expect(await CommandResult.of("calls", "list", records, "--since", "soon").status == .usage)
    }

    @Test func showsACall() async throws {
        let (pipeline, _) = try recordedCalls()
        let result = await CommandResult.of("calls", "show", pipeline, "CA1")
        #expect(result.status == .good)
        for line in [
            "call      CA1, by twilio, on ears", "from      +15550101", "end       hung_up after 61.0 s",
            "0:00.5  caller: Hello.", "0:01.5  agent : Good [interrupted; planned: Good morning.]",
            "0:02.0  error tts the voice is gone",
        ] {
            #expect(result.printed.lines.contains(line), "\(line)")
        }
        #expect(result.printed.result.contains("812.0"))
        let json = await CommandResult.of("calls", "show", pipeline, "CA1", "--json")
        #expect(json.printed.result.contains("\"transcript\":[{\"time_ms\":500,\"role\":\"caller\""))
        #expect(!json.printed.result.contains("\u{1B}"))
        let unknown = await CommandResult.of("calls", "show", pipeline, "CA9")
        #expect(unknown.status == .problems)
        #expect(unknown.printed.report.contains("no call has the id 'CA9'"))
    }

    @Test func exportsWholeCalls() async throws {
        let (_, records) = try recordedCalls()
        let result = await CommandResult.of("calls", "export", records, "--reason", "hung_up")
        #expect(result.printed.lines.count == 2)
        let all = try result.printed.lines.map { try (JSONValue(parsing: $0.utf8)) }
        #expect(all.map { $0["id"] } == ["CA2", "CA1"])
        #expect(
            all.allSatisfy { $0["turns"] == [["time_ms": 1000, "turn": 1, "gap_ms": 812, "parts_ms": ["model": 812]]] })
    }

    @Test func erasesByNumberWithTheRecording() async throws {
        let (pipeline, records) = try recordedCalls()
        for name in ["CA1.wav", "CA1.transcript.txt", "CA1.turns.txt", "CA2.wav"] { try directory.write("x", to: name) }
        #expect(await CommandResult.of("calls", "erase", pipeline).status == .usage)
        let result = await CommandResult.of("calls", "erase", pipeline, "--number", "+1 555-0101")
        #expect(result.printed.result == "1 call erased\n")
        #expect(directory.names().sorted() == ["CA2.wav", "books", "ears.yaml"])
        #expect(await CommandResult.of("calls", "show", records, "CA1").status == .problems)
        #expect(await CommandResult.of("calls", "show", records, "CA2").status == .good)
        let rest = await CommandResult.of("calls", "erase", records, "--number", "+15550199", "--json")
        #expect(rest.printed.result == "{\"erased\":2}\n")
    }

    @Test func erasesTranscriptsOfCallsWithoutSound() async throws {
        let input = try directory.write(.silence(.milliseconds(300)), to: "caller.wav")
        let file = try directory.write("records: { calls: all }\n" + vadOnly, to: "ears.yaml")
        let texts = directory.path("texts")
        let run = await CommandResult.of("run", file, "--input", input, "--virtual", "--records", texts)
        #expect(run.status == .good, "\(run.printed.report)")
        #expect(directory.names(in: "texts").count == 2)
        try directory.write("x", to: "texts/another.transcript.txt")
        let erased = await CommandResult.of("calls", "erase", file, "--older-than", "2126-01-01")
        #expect(erased.printed.result == "1 call erased\n")
        #expect(directory.names(in: "texts") == ["another.transcript.txt"])
    }

    @Test func saysWhereThereIsNothing() async throws {
        let pipeline = try directory.write(vadOnly, to: "ears.yaml")
        let none = await CommandResult.of("calls", "list", pipeline)
        #expect(none.status == .problems)
        #expect(none.printed.report.hasPrefix("\(directory.path("calls.sqlite")): there are no records yet"))
        #expect(access(directory.path("calls.sqlite"), F_OK) != 0)
        let memory = try directory.write("records: { store: memory }\n" + vadOnly, to: "memory.yaml")
        #expect(await CommandResult.of("calls", "list", memory).status == .problems)
        let text = try directory.write("no database, but a text", to: "text.sqlite")
        let damaged = await CommandResult.of("calls", "list", text)
        #expect(damaged.status == .failure)
        #expect(damaged.printed.report.contains("move the file away"))
    }

    @Test func aRunLeavesRecordsWhereItIsTold() async throws {
        let input = try directory.write(.silence(.milliseconds(300)), to: "caller.wav")
        let recorder = "  - recorder: { path: \"calls/${session.id}.wav\" }\n    after: caller\n"
        let file = try directory.write("records: { calls: all }\n" + vadOnly + recorder, to: "ears.yaml")
        let run = await CommandResult.of("run", file, "--input", input, "--virtual")
        #expect(run.status == .good, "\(run.printed.report)")
        let list = await CommandResult.of("calls", "list", directory.path("calls/calls.sqlite"), "--json")
        let call = try (JSONValue(parsing: list.printed.result.utf8))
        #expect(call["state"] == "ended" && call["end_reason"] == "input_ended" && call["pipeline"] == "ears")
        guard case .string(let recording)? = call["recording"] else {
            Issue.record("no recording")
            return
        }
        #expect(recording.hasPrefix("/") && access(recording, F_OK) == 0)
        // Nobody asked for records here.
        let plain = try directory.write(vadOnly, to: "plain.yaml")
        #expect(await CommandResult.of("run", plain, "--input", input, "--virtual").status == .good)
        #expect(access(directory.path("calls.sqlite"), F_OK) != 0)
    }

    @Test func recordsThatCannotBeWrittenCostNothingButThemselves() async throws {
        let input = try directory.write(.silence(.milliseconds(300)), to: "caller.wav")
        let file = try directory.write(
            "records: { calls: all, path: /proc/nowhere/calls.sqlite }\n" + vadOnly, to: "ears.yaml")
        let run = await CommandResult.of("run", file, "--input", input, "--virtual")
        #expect(run.status == .good)
        #expect(run.printed.report.contains("warning: call records: /proc/nowhere/calls.sqlite"))
        #expect(run.printed.report.contains("could not be written before the end"))
    }
}
