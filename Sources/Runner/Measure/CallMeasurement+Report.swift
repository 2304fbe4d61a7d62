// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension CallMeasurement {
    /// The measurement for people.
    var text: String {
        var text = ""
        var table = TextTable([("caller ends", .right), ("agent begins", .right), ("gap", .right)])
        for gap in gaps {
            table.add([gap.callerEnd.description, gap.agentStart.description, gap.duration.shownMilliseconds])
        }
        text += gaps.isEmpty ? "No turn of the caller was answered.\n" : table.text
        for bargeIn in bargeIns {
            text +=
                "caller breaks in at \(bargeIn.callerStart), agent silent after \(bargeIn.stopTime.shownMilliseconds)\n"
        }
        for overlap in overlaps {
            text +=
                "agent begins at \(overlap.agentStart), \(overlap.duration.shownMilliseconds) before the caller ends\n"
        }
        if let median = gap(atPercentile: 0.5), let high = gap(atPercentile: 0.95) {
            text += "\(gaps.count) gaps: p50 \(median.shownMilliseconds), p95 \(high.shownMilliseconds)\n"
        }
        return text
    }

    /// The measurement for machines: `gaps`, `barge_ins`, `overlaps`, `gap_p50_ms`, `gap_p95_ms`, `caller_speech_ms`,
    /// `agent_speech_ms`.
    var json: JSONValue {
        [
            "gaps": .array(
                gaps.map {
                    [
                        "caller_end_ms": $0.callerEnd.jsonMilliseconds,
                        "agent_start_ms": $0.agentStart.jsonMilliseconds,
                        "gap_ms": $0.duration.jsonMilliseconds,
                    ]
                }),
            "barge_ins": .array(
                bargeIns.map {
                    ["caller_start_ms": $0.callerStart.jsonMilliseconds, "stop_ms": $0.stopTime.jsonMilliseconds]
                }),
            "overlaps": .array(
                overlaps.map {
                    ["agent_start_ms": $0.agentStart.jsonMilliseconds, "overlap_ms": $0.duration.jsonMilliseconds]
                }),
            "gap_p50_ms": gap(atPercentile: 0.5)?.jsonMilliseconds ?? .null,
            "gap_p95_ms": gap(atPercentile: 0.95)?.jsonMilliseconds ?? .null,
            "caller_speech_ms": callerSpeech.jsonMilliseconds, "agent_speech_ms": agentSpeech.jsonMilliseconds,
        ]
    }
}
