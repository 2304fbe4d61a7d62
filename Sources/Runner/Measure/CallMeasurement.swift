// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What can be heard of a call's turn taking: how long the caller waited, who spoke over whom.
struct CallMeasurement: Equatable {
    /// The silence between the end of the caller's words and the beginning of the agent's.
    struct Gap: Equatable {
        var callerEnd: MediaTime
        var agentStart: MediaTime
        var duration: Duration { agentStart - callerEnd }
    }

    /// The caller began while the agent spoke.
    struct BargeIn: Equatable {
        var callerStart: MediaTime
        var agentEnd: MediaTime
        /// Until the agent fell silent.
        var stopTime: Duration { agentEnd - callerStart }
    }

    /// The agent began while the caller spoke.
    struct Overlap: Equatable {
        var agentStart: MediaTime
        var callerEnd: MediaTime
        var duration: Duration { callerEnd - agentStart }
    }

    private(set) var gaps: [Gap] = []
    private(set) var bargeIns: [BargeIn] = []
    private(set) var overlaps: [Overlap] = []
    let callerSpeech: Duration
    let agentSpeech: Duration

    /// Measures from the stretches of speech of both sides.
    init(caller: [SpeechStretch], agent: [SpeechStretch]) {
        callerSpeech = caller.reduce(.zero) { $0 + $1.duration }
        agentSpeech = agent.reduce(.zero) { $0 + $1.duration }
        for (index, reply) in agent.enumerated() {
            guard let words = caller.last(where: { $0.start < reply.start }) else { continue }
            let isFirstReply = index == 0 || agent[index - 1].start < words.end
            if words.end > reply.start {
                overlaps.append(Overlap(agentStart: reply.start, callerEnd: words.end))
            } else if isFirstReply {
                gaps.append(Gap(callerEnd: words.end, agentStart: reply.start))
            }
        }
        for words in caller {
            guard let spoken = agent.last(where: { $0.start < words.start }), spoken.end > words.start else { continue }
            bargeIns.append(BargeIn(callerStart: words.start, agentEnd: spoken.end))
        }
    }

    /// The gap that the share `ratio` of all gaps does not exceed (nearest rank); `nil` without gaps.
    func gap(atPercentile ratio: Double) -> Duration? {
        let sorted = gaps.map(\.duration).sorted()
        guard !sorted.isEmpty else { return nil }
        return sorted[max(0, Int((ratio * Double(sorted.count)).rounded(.up)) - 1)]
    }
}
