// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import PipelineKit

/// What came of so many calls at once.
struct CallsReport {
    /// Calls at once.
    let calls: Int
    /// What the callers saw.
    let load: CallsLoad.Result
    /// Our own share of every turn's gap, in milliseconds.
    let ownShares: [Double]
    /// How long speech must last to count as such.
    let onset: Duration
    /// What the server cost.
    let cost: ProcessMeter.Cost

    /// How late audio was, at the 99th percentile; `nil` when there was none.
    var latenessP99: Double? { load.lateness.milliseconds(atShare: 0.99) }
    /// Time in which a barge-in stopped the audio on the wire, at the 99th percentile.
    var bargeInP99: Double? { load.bargeIns.milliseconds(atShare: 0.99) }
    /// Our own share of a gap, at the 99th percentile.
    var ownShareP99: Double? { ownShares.isEmpty ? nil : Stopwatch.percentile(0.99, ownShares) }
    /// What a barge-in may take.
    var bargeInLimit: Double { onset.milliseconds + CallsBench.Limit.bargeInMilliseconds }

    /// Whether every promise was kept.
    var holds: Bool {
        guard load.failed == 0, load.unheeded == 0, let latenessP99, let bargeInP99, let ownShareP99 else {
            return false
        }
        return latenessP99 <= CallsBench.Limit.latenessMilliseconds && bargeInP99 <= bargeInLimit
            && ownShareP99 <= CallsBench.Limit.ownShareMilliseconds
    }

    /// One object for machines.
    var json: JSONValue {
        [
            "calls": .integer(calls), "lateness_p99_ms": Self.number(latenessP99),
            "barge_in_p99_ms": Self.number(bargeInP99), "own_share_p99_ms": Self.number(ownShareP99),
            "cpu_percent": Self.number(cost.cpuPercent), "rss_mib": Self.number(cost.residentMiB),
            "barge_in_limit_ms": .number(bargeInLimit), "holds": .bool(holds), "failed": .integer(load.failed),
            "turns": .integer(ownShares.count), "barge_ins": .integer(load.bargeIns.count),
            "barge_ins_unheeded": .integer(load.unheeded), "holes": .integer(load.underruns),
            "gap_p50_ms": Self.number(load.gaps.milliseconds(atShare: 0.5)),
            "gap_p99_ms": Self.number(load.gaps.milliseconds(atShare: 0.99)),
            "warnings": .array(load.warnings.map { .string($0) }),
        ]
    }

    /// A table for people.
    var text: String {
        var table = TextTable([("what", .left), ("here", .right), ("limit", .right)])
        table.add(["calls at once", "\(calls)", ""])
        table.add(["failed", "\(load.failed)", "0"])
        table.add(["audio late, p99 ms", Self.shown(latenessP99), "20"])
        table.add(["barge-in to silence, p99 ms", Self.shown(bargeInP99), bargeInLimit.fixed(0)])
        table.add(["own share of a gap, p99 ms", Self.shown(ownShareP99), "10"])
        table.add(["holes in replies", "\(load.underruns)", ""])
        table.add(["gap on the wire, p50 ms", Self.shown(load.gaps.milliseconds(atShare: 0.5)), ""])
        table.add(["CPU, percent of a core", cost.cpuPercent.fixed(0), ""])
        table.add(["memory, MiB", cost.residentMiB.fixed(0), ""])
        return table.text + load.warnings.map { "carrier: \($0)\n" }.joined()
    }

    private static func shown(_ value: Double?) -> String { value.map { $0.fixed(1) } ?? "-" }

    private static func number(_ value: Double?) -> JSONValue {
        value.map { .number(($0 * 100).rounded() / 100) } ?? .null
    }
}
