// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PipelineKit
@testable import Transports

@Suite struct StatusRoutesTests {
    private struct Archive: CallArchive {
        func call(_ id: String) async throws -> JSONValue? { id == "old" ? ["id": "old", "state": "ended"] : nil }
    }

    private static let call = Call(
        id: "c-1", transport: "twilio",
        attributes: ["from": "+491234", "to": "+4989", "direction": "inbound", "call_sid": "CA1", "token": "s3cret"])

    private static func report(_ processors: [ProcessorStatistics] = []) -> SessionReport {
        SessionReport(reason: .hungUp, duration: .seconds(3), abandoned: [], processors: processors)
    }

    private static let turn = TurnRecord(
        turn: TurnID(1), gap: .milliseconds(420), parts: [.init(name: "own", duration: .milliseconds(20))])

    @Test func tellOfCallsAndOfHealth() async throws {
        let directory = CallDirectory { 1_700_000_000_000 }
        try await TestServer.run(mount: { routes in
            StatusRoutes(directory, MetricsStore(), archive: Archive(), placesCalls: true) { directory.activeCount > 1 }
                .mount(&routes)
        }) { server async throws in
            directory.session(Self.call, at: .zero, .started)
            directory.session(Self.call, at: .zero + .seconds(1), .heardCaller(TurnID(1), text: "hi", isFinal: true))
            directory.session(Self.call, at: .zero + .seconds(2), .turn(Self.turn))
            let active = try await server.get("/calls/active")
            #expect(
                active.hasSuffix(
                    #"{"count":1,"calls":[{"id":"c-1","transport":"twilio","state":"active","connected":true,"#
                        + #""started_at_ms":1700000000000,"phone_number":"+491234","call_sid":"CA1","#
                        + #""direction":"inbound","from":"+491234","to":"+4989","#
                        + #""messages":[{"role":"user","text":"hi","time_ms":1000}]}]}"# + "\n"))
            directory.session(Self.call, at: .zero + .seconds(3), .ended(Self.report()))
            #expect(try await server.get("/calls/active").hasSuffix(#"{"count":0,"calls":[]}"# + "\n"))
            let one = try await server.get("/calls/CA1")
            #expect(one.contains(#""turns":[{"turn":"1","gap_ms":420,"parts":{"own":20}}]"#))
            #expect(one.hasSuffix(#""end_reason":"hung_up","duration_ms":3000}"# + "\n"))
            #expect(!one.contains("s3cret"))
            #expect(try await server.get("/calls/old").hasSuffix(#"{"id":"old","state":"ended"}"# + "\n"))
            #expect(try await server.get("/calls/none").hasPrefix("HTTP/1.1 404 "))
            #expect(
                try await server.get("/health").hasSuffix(
                    #"{"status":"ok","live":true,"ready":true,"active_calls":0}"# + "\n"))
            #expect(try await server.get("/features").hasSuffix(#"{"calls":true}"# + "\n"))
            for number in 0..<2 { directory.session(Call(id: "\(number)", transport: "t"), at: .zero, .started) }
            #expect(try await server.get("/health").hasPrefix("HTTP/1.1 503 "))
            #expect(try await server.get("/health/live").hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func rememberABoundedNumberOfCallsAndMessages() {
        let directory = CallDirectory { 0 }
        for number in 0..<1000 {
            let call = Call(id: "\(number)", transport: "t")
            directory.session(call, at: .zero, .started)
            for _ in 0..<(number == 999 ? 500 : 1) {
                directory.session(call, at: .zero, .spoke(TurnID(1), heard: "a", planned: "a b", isInterrupted: true))
            }
            directory.session(call, at: .zero, .ended(Self.report()))
        }
        #expect(directory.entry("799") == nil)
        #expect(directory.entry("800") != nil)
        #expect(directory.entry("999")?.messages.count == 200)
    }

    @Test func countCallsTurnsErrorsAndFrames() {
        let store = MetricsStore()
        let metrics = SessionMetrics(store)
        let statistics = ProcessorStatistics(
            id: "vad", framesIn: 10, framesOut: 8, framesDropped: ["stale": 2], meanProcessDuration: nil,
            longestProcessDuration: nil, queueDepth: 0, queuePeak: 0, queueAge: nil, queuePolicy: nil)
        metrics.session(Self.call, at: .zero, .started)
        #expect(PrometheusText(store).text.contains("active_calls 1\n"))
        metrics.session(Self.call, at: .zero, .turn(Self.turn))
        metrics.session(Self.call, at: .zero, .error(PipelineError(.provider, "down")))
        metrics.session(Self.call, at: .zero, .ended(Self.report([statistics])))
        let text = PrometheusText(store).text
        for line in [
            "active_calls 0", "calls_total{transport=\"twilio\"} 1", "calls_ended_total{reason=\"hung_up\"} 1",
            "turn_rtt_ms_bucket{le=\"500\"} 1", "turn_rtt_ms_sum 420", "turn_part_ms_sum{part=\"own\"} 20",
            "pipeline_errors_total{category=\"provider\",processor=\"\"} 1", "connection_errors_total 0",
            "frames_in_total{processor=\"vad\"} 10", "frames_out_total{processor=\"vad\"} 8",
            "frames_dropped_total{processor=\"vad\",reason=\"stale\"} 2",
        ] { #expect(text.contains("\(line)\n"), "\(line)") }
    }

    private static func statistics(_ count: Int, dropped: Int) -> ProcessorStatistics {
        ProcessorStatistics(
            id: "vad", framesIn: count, framesOut: count - dropped, framesDropped: ["stale": dropped],
            meanProcessDuration: nil, longestProcessDuration: nil, queueDepth: 0, queuePeak: 0, queueAge: nil,
            queuePolicy: nil)
    }

    @Test func countFramesWhileCallsRun() {
        let store = MetricsStore()
        let metrics = SessionMetrics(store)
        func expect(_ count: Int, dropped: Int, _ place: SourceLocation = #_sourceLocation) {
            let text = PrometheusText(store).text
            for line in [
                "frames_in_total{processor=\"vad\"} \(count)", "frames_out_total{processor=\"vad\"} \(count - dropped)",
                "frames_dropped_total{processor=\"vad\",reason=\"stale\"} \(dropped)",
            ] { #expect(text.contains("\(line)\n"), "\(line)", sourceLocation: place) }
        }
        let other = Call(id: "c-2", transport: "browser")
        metrics.session(Self.call, at: .zero, .started)
        metrics.session(other, at: .zero, .started)
        metrics.take([Self.statistics(10, dropped: 2)], of: Self.call.id)
        expect(10, dropped: 2)
        metrics.take([Self.statistics(5, dropped: 1)], of: other.id)
        metrics.take([Self.statistics(30, dropped: 2)], of: Self.call.id)
        expect(35, dropped: 3)
        // A look that comes late takes nothing back, and what follows is not counted twice.
        metrics.take([Self.statistics(20, dropped: 2)], of: Self.call.id)
        metrics.session(Self.call, at: .zero, .ended(Self.report([Self.statistics(40, dropped: 4)])))
        expect(45, dropped: 5)
        metrics.take([Self.statistics(39, dropped: 4)], of: Self.call.id)
        metrics.take([Self.statistics(7, dropped: 0)], of: "nobody")
        metrics.session(other, at: .zero, .ended(Self.report([Self.statistics(5, dropped: 1)])))
        expect(45, dropped: 5)
        #expect(!PrometheusText(store).text.contains("c-1"))
    }
}
