// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What a terminal shows of one call at a moment: who speaks, the words as they come, the last answer's time.
struct CallBoard {
    private let call: String
    private var now = MediaTime.zero
    private var isCallerSpeaking = false
    private var isAgentSpeaking = false
    private var words = ""
    private var lastTurn: TurnRecord?
    private var queue: (id: String, depth: Int)?
    private var dropped = 0

    /// Creates the board of a call.
    init(call: String) { self.call = call }

    /// Takes up an event.
    mutating func apply(_ event: RunEvent) {
        now = max(now, event.time)
        switch event.event {
        case .callerSpeaking(let isSpeaking): isCallerSpeaking = isSpeaking
        case .agentSpeaking(let isSpeaking): isAgentSpeaking = isSpeaking
        case .heardCaller(_, let text, let isFinal): words = isFinal ? "" : text
        case .turn(let turn): lastTurn = turn
        default: break
        }
    }

    /// Takes up the processors' counters.
    mutating func apply(_ figures: SessionFigures) {
        now = max(now, figures.now)
        queue = figures.processors.filter { $0.queueDepth > 0 }.max { $0.queueDepth < $1.queueDepth }.map {
            ($0.id, $0.queueDepth)
        }
        dropped = figures.processors.reduce(0) { sum, processor in
            sum + processor.framesDropped.filter { $0.key != "stale" }.values.reduce(0, +)
        }
    }

    /// The lines of the board; `isAlone` when no other call runs, so that it need not be named.
    func lines(_ output: Output, width: Int, isAlone: Bool = true) -> [String] {
        let dot = { (isOn: Bool, style: TextStyle) in isOn ? output.styled("●", style) : output.styled("○", .dim) }
        let heard = words.isEmpty ? "" : "  \(words) …"
        var state = [isAlone ? now.shownClock : "\(call)  \(now.shownClock)"]
        if let lastTurn { state.append("last answer \(EventLine.breakdown(lastTurn))") }
        if let queue { state.append("\(queue.depth) frames wait before \(queue.id)") }
        if dropped > 0 { state.append("\(dropped) frames dropped") }
        return [
            "\(dot(isCallerSpeaking, .cyan)) caller\(heard.fitting(max(10, width - 12)))",
            "\(dot(isAgentSpeaking, .green)) agent",
            output.styled("  \(state.joined(separator: " · "))".fitting(width - 1), .dim),
        ]
    }
}
