// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// A caller who does what a script says, at the times that it says.
///
///     let caller = ScriptedCaller(
///         .at(.zero, .speak(.milliseconds(800))),
///         .at(.seconds(2), .press("5")),
///         .at(.seconds(6), .hangUp))
///     harness.play(caller, for: .seconds(7))
///
/// The line is open all the time: where the caller says nothing, silence comes, as from a microphone.
public struct ScriptedCaller: Sendable {
    /// What a caller can do.
    public enum Action: Sendable {
        /// Make a sound for so long.
        case speak(Duration)
        /// Play a recording.
        case play(Audio)
        /// Send no audio for so long, as a muted or broken line does.
        case pause(Duration)
        /// Break off the agent's reply, as a client's button does.
        case interrupt
        /// Send words, as a client with a keyboard does.
        case type(String)
        /// Press a key of the telephone.
        case press(Character)
        /// End the call.
        case hangUp
    }

    /// An action and its time.
    public struct Step: Sendable {
        /// When, from the start of the script.
        public var time: Duration
        /// What.
        public var action: Action

        /// Creates a step.
        public static func at(_ time: Duration, _ action: Action) -> Step { Step(time: time, action: action) }
    }

    /// The script, in the order of time.
    public let steps: [Step]

    /// Creates a caller.
    public init(_ steps: Step...) { self.init(steps) }

    /// Creates a caller.
    public init(_ steps: [Step]) {
        // The sort must be stable: what happens at one time happens in the order of the script.
        self.steps = steps.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    private static let frame = Duration.milliseconds(20)

    /// The audio of the 20 ms that begin at `time`; `nil` while the line is broken.
    func audio(at time: Duration, format: AudioFormat) -> Audio? {
        for step in steps.reversed() where step.time <= time {
            let offset = time - step.time
            switch step.action {
            case .pause(let length) where offset < length: return nil
            case .speak(let length) where offset < length: return .tone(dbfs: -20, Self.frame, format: format)
            case .play(let audio) where offset < audio.duration:
                let start = offset.sampleCount(rate: format.rateHz)
                return audio.slice(start..<start + Self.frame.sampleCount(rate: format.rateHz))
            default: continue
            }
        }
        return .silence(Self.frame, format: format)
    }
}

extension PipelineHarness {
    /// Lets a caller act for a while; frames of 20 ms reach the session when their last sample has been captured.
    public func play(_ caller: ScriptedCaller, for duration: Duration) {
        let begin = now
        var steps = caller.steps[...]
        var time = Duration.zero
        while time < duration {
            let end = min(time + .milliseconds(20), duration)
            while let step = steps.first, step.time < end {
                steps.removeFirst()
                advance(to: begin + max(step.time, time))
                perform(step.action)
            }
            advance(to: begin + end)
            if let format = call.inputFormat, let audio = caller.audio(at: time, format: format) {
                send(Frame(audio: audio, at: begin + time))
            }
            time = end
        }
    }

    private func perform(_ action: ScriptedCaller.Action) {
        switch action {
        case .interrupt: onLoop { $0.interrupt("the caller's button") }
        case .type(let text): send(Transcript(text, isFinal: true, isUtteranceEnd: true))
        case .press(let digit): if let key = DTMF(digit) { send(key) }
        case .hangUp: onLoop { $0.end(.hungUp) }
        case .speak, .play, .pause: break
        }
    }

    private func advance(to time: MediaTime) {
        if time > now { advance(by: time - now) }
    }
}
