// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension PipelineBench.Report {
    /// One object: `calls`, `cpu_ratio`, `calls_per_core`, `gap_p50_ms`, `gap_p95_ms`, `parts`, `processors`.
    var json: JSONValue {
        [
            "calls": .integer(calls),
            "cpu_ratio": .number((load * 1e6).rounded() / 1e6),
            "calls_per_core": .integer(callsPerCore),
            "gap_p50_ms": .number(gap(0.5)),
            "gap_p95_ms": .number(gap(0.95)),
            "parts": .object(
                partNames.map { name in
                    JSONValue.Member(name, ["p50_ms": .number(part(name, 0.5)), "p95_ms": .number(part(name, 0.95))])
                }),
            "processors": .array(
                processors.map { processor in
                    [
                        "id": .string(processor.id),
                        "frames_in": .integer(processor.framesIn),
                        "mean_process_us": processor.meanProcessDuration.map { .number($0.milliseconds * 1000) }
                            ?? .null,
                        "queue_peak": .integer(processor.queuePeak),
                    ]
                }),
        ]
    }

    /// Two tables, of the stages and of the parts of a turn, and a sentence.
    var text: String {
        var stages = TextTable([
            ("processor", .left), ("frames", .right), ("mean us", .right), ("longest us", .right),
            ("queue peak", .right),
        ])
        for processor in processors {
            stages.add([
                processor.id, String(processor.framesIn), Self.microseconds(processor.meanProcessDuration),
                Self.microseconds(processor.longestProcessDuration), String(processor.queuePeak),
            ])
        }
        var parts = TextTable([("part of a turn", .left), ("p50 ms", .right), ("p95 ms", .right)])
        for name in partNames { parts.add([name, part(name, 0.5).fixed(), part(name, 0.95).fixed()]) }
        parts.add(["gap", gap(0.5).fixed(), gap(0.95).fixed()])
        let summary =
            "\(turns.count) turns in \(calls) calls; a second of a call took \((load * 1000).fixed(2)) ms of CPU:"
        return "\(stages.text)\n\(parts.text)\n\(summary) \(callsPerCore) calls a core by CPU time alone.\n"
    }

    private static func microseconds(_ duration: Duration?) -> String {
        duration.map { ($0.milliseconds * 1000).fixed(2) } ?? "-"
    }

    private var partNames: [String] { turns.first?.parts.map(\.name) ?? [] }

    private func gap(_ ratio: Double) -> Double { Stopwatch.percentile(ratio, turns.map(\.gap.milliseconds)) }

    private func part(_ name: String, _ ratio: Double) -> Double {
        let durations = turns.compactMap { turn in turn.parts.first { $0.name == name }?.duration.milliseconds }
        return Stopwatch.percentile(ratio, durations)
    }
}
