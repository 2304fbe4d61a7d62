// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What happened as one line for people: time, who, what.
struct EventLine {
    let output: Output

    /// The line; `nil` for what deserves none.
    func text(_ event: RunEvent) -> String? {
        switch event.event {
        case .started: line(event, "call", .bold, "\(event.call), by \(event.transport)")
        case .heardCaller(_, let text, isFinal: true):
            text.isEmpty ? line(event, "caller", .dim, "(not understood)") : line(event, "caller", .cyan, text)
        case .spoke(_, let heard, let planned, let isInterrupted):
            line(event, "agent", .green, isInterrupted ? cut(heard, planned) : heard)
        case .toolEnded(let result, let duration):
            line(
                event, "tool", .dim,
                "\(result.call.name) \(result.outcome.rawValue) after \(duration.shownMilliseconds)")
        case .interruption(let interruption): line(event, "cut", .yellow, interruption.reason)
        case .turn(let turn): line(event, "turn \(turn.turn)", .dim, Self.breakdown(turn))
        case .error(let error): line(event, "error", .red, error.description)
        case .ended(let report):
            line(
                event, "end", .bold,
                "\(report.reason.name.spaced) after \((report.duration.milliseconds / 1000).fixed(1)) s")
        case .heardCaller, .turnStarted, .agentSpeaking, .callerSpeaking, .toolStarted, .metric: nil
        }
    }

    private func line(_ event: RunEvent, _ who: String, _ style: TextStyle, _ what: String) -> String {
        let name = who + String(repeating: " ", count: max(0, 8 - who.count))
        return "\(output.styled(event.time.shownClock, .dim))  \(output.styled(name, style))  \(what)"
    }

    private func cut(_ heard: String, _ planned: String) -> String {
        let rest = planned.hasPrefix(heard) ? String(planned.dropFirst(heard.count)) : ""
        return heard + " —" + output.styled(rest.isEmpty ? "" : rest, .dim)
    }

    /// `812 ms = endpointing 400 + model 12 + ...`, without the parts that took no time.
    static func breakdown(_ turn: TurnRecord) -> String {
        let parts = turn.parts.filter { $0.duration >= .microseconds(500) }
        let sum = parts.map { "\($0.name) \($0.duration.milliseconds.fixed(0))" }.joined(separator: " + ")
        return turn.gap.shownMilliseconds + (sum.isEmpty ? "" : " = \(sum)")
    }
}

extension String {
    /// A snake_case name in words.
    fileprivate var spaced: String { split(separator: "_").joined(separator: " ") }
}
