// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Decides when a scripted caller acts.
///
/// Knows no line and no clock; times count from the answer.
struct CallerMachine: Sendable {
    /// What a caller does.
    enum Action: Equatable {
        /// Says what the step of this number says; ``CallerMachine/finished(at:)`` follows when that is over.
        case speak(step: Int)
        /// Presses keys.
        case press([Character])
        /// Hangs up.
        case hangUp
    }

    /// Silence of both sides after which the caller speaks although nothing was heard.
    private static let awkwardSilence = Duration.seconds(5)

    private let script: CallerScript
    private var next = 0
    private var isActing = false
    /// When the caller's last action ended, and with it the wait for the next one began.
    private var readySince = Duration.zero
    private var speakingSince: Duration?
    private var quietSince = Duration.zero
    private var hasAgentSpoken = false
    private var said = ""
    /// What never came, for the log.
    private(set) var complaint: String?

    /// Creates a caller who has just been answered.
    init(_ script: CallerScript) { self.script = script }

    /// Whether all steps have been taken.
    var isDone: Bool { next >= script.steps.count && !isActing }

    /// Whether the next thing the caller does is to hang up, and it is time.
    func wantsToHangUp(at time: Duration) -> Bool {
        var copy = self
        return copy.action(at: time) == .hangUp
    }

    /// The agent becomes audible, or falls silent.
    mutating func agentSpeaks(_ isSpeaking: Bool, at time: Duration) {
        guard isSpeaking != (speakingSince != nil) else { return }
        speakingSince = isSpeaking ? time : nil
        if isSpeaking { hasAgentSpoken = true } else { quietSince = time }
    }

    /// The agent has said something that can be told as text.
    mutating func agentSaid(_ text: String) {
        guard said.utf8.count < 100_000 else { return }
        said += " " + Self.words(text)
    }

    /// The words or keys of the last action have left.
    mutating func finished(at time: Duration) {
        isActing = false
        readySince = time
    }

    /// What the caller does now, if anything.
    mutating func action(at time: Duration) -> Action? {
        guard !isActing else { return nil }
        guard next < script.steps.count else { return isLineDead(at: time) ? .hangUp : nil }
        let step = script.steps[next]
        guard isDue(step, at: time) else { return lostPatience(step, at: time) ? .hangUp : nil }
        next += 1
        said = ""
        hasAgentSpoken = false
        if step.hangup {
            next = script.steps.count
            return .hangUp
        }
        isActing = true
        return step.press.map { .press(Array($0)) } ?? .speak(step: next - 1)
    }

    private func isDue(_ step: CallerStep, at time: Duration) -> Bool {
        if let at = step.at { return time >= at }
        if let over = step.over { return speakingSince.map { time - max($0, readySince) >= over } ?? false }
        guard speakingSince == nil, time - quietSince >= step.quiet, time - readySince >= step.quiet else {
            return false
        }
        if let after = step.after { return said.contains(Self.words(after)) }
        return hasAgentSpoken || time - max(quietSince, readySince) >= Self.awkwardSilence
    }

    private mutating func lostPatience(_ step: CallerStep, at time: Duration) -> Bool {
        guard step.at == nil, speakingSince == nil, time - max(readySince, quietSince) >= script.patience else {
            return false
        }
        complaint = "step \(next + 1) waited \(script.patience) for \(step.after.map { "'\($0)'" } ?? "the agent")"
        next = script.steps.count
        return true
    }

    private func isLineDead(at time: Duration) -> Bool {
        speakingSince == nil && time - max(readySince, quietSince) >= script.linger
    }

    /// Words in lower case with single spaces, so that punctuation does not count.
    static func words(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }
}
