// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import PipelineKit
import Testing

@testable import Runner

@Suite struct CallsReportTests {
    private func report(
        late: Int = 5, bargeIn: Int = 120, own: Double = 2, _ change: (inout CallsLoad.Result) -> Void = { _ in }
    ) -> CallsReport {
        var load = CallsLoad.Result()
        load.completed = 100
        for _ in 0..<100 {
            load.lateness.add(.milliseconds(late))
            load.bargeIns.add(.milliseconds(bargeIn))
        }
        change(&load)
        return CallsReport(
            calls: 100, load: load, ownShares: [own], onset: .milliseconds(96),
            cost: ProcessMeter.Cost(cpuPercent: 80, residentMiB: 64))
    }

    @Test func holdsWhenEveryPromiseIsKept() {
        #expect(report().holds)
        #expect(!report(late: 21).holds)
        #expect(!report(bargeIn: 157).holds)
        #expect(!report(own: 11).holds)
        #expect(!report { $0.failed = 1 }.holds)
        #expect(!report { $0.unheeded = 1 }.holds)
        #expect(!report { $0.bargeIns = LatencyHistogram() }.holds)
    }

    @Test func hasTheKeysThatMachinesRead() {
        let json = report().json
        #expect(json["calls"] == 100)
        #expect(json["lateness_p99_ms"] == .number(5.1))
        #expect(json["barge_in_p99_ms"] == .number(120.1))
        #expect(json["own_share_p99_ms"] == .number(2))
        #expect(json["cpu_percent"] == .number(80))
        #expect(json["rss_mib"] == .number(64))
        #expect(json["holds"] == true)
    }

    @Test func whatTheCallersSawSurvivesTheWayBetweenTheProcesses() throws {
        let load = report { result in
            result.failed = 2
            result.underruns = 3
            result.warnings = ["31951: \"odd\""]
        }.load
        let read = CallsLoad.Result(try JSONValue(parsing: load.json.description.utf8))
        #expect(read.json == load.json)
        #expect(CallsLoad.Result("nonsense").completed == 0)
    }
}
