// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension CarrierCall {
    /// A moment of a line that carries text.
    static let tick = Duration.milliseconds(20)
    private static let recordingLength = Duration.seconds(3)

    /// Lets a moment pass.
    ///
    /// - Throws: `CancellationError` when the call is ended or redirected, or the caller hangs up.
    func passTick() async throws {
        lineTime += Self.tick
        try await environment.clock.sleep(until: answerTime + lineTime)
    }

    /// Passes time in which the caller can do nothing but hang up.
    func pass(_ duration: Duration) async throws {
        let end = lineTime + duration
        while lineTime < end {
            try await passTick()
            if caller.wantsToHangUp(at: lineTime) { throw CancellationError() }
        }
    }

    /// Speaks, plays or waits.
    ///
    /// - Parameter listening: Whether the caller is listened to and may cut it short.
    /// - Returns: What the caller did, if that was cut short.
    @discardableResult
    func prompt(_ verb: TwiMLVerb, listening: Bool) async throws -> CallerMachine.Action? {
        switch verb {
        case .say(let say):
            for _ in 0..<repeats(say.loop) {
                if let action = try await speak(say.text, listening: listening) { return action }
            }
        case .play(let url, let digits, let loop):
            if let digits { note(.callerPressed(digits)) }
            guard url != nil else { return nil }
            for _ in 0..<repeats(loop) { try await pass(Self.recordingLength) }
        case .pause(let duration): return try await wait(duration, listening: listening)
        default: break
        }
        return nil
    }

    private func repeats(_ loop: Int) -> Int { loop == 0 ? 1000 : min(loop, 1000) }

    private func speak(_ text: String, listening: Bool) async throws -> CallerMachine.Action? {
        guard !text.isEmpty else { return nil }
        caller.agentSpeaks(true, at: lineTime)
        let start = lineTime
        let action = try await wait(RelaySpeech.perCharacter * text.count, listening: listening)
        caller.agentSpeaks(false, at: lineTime)
        let heard = action == nil ? text : Self.words(of: text, within: lineTime - start)
        caller.agentSaid(heard)
        note(.agentSaid(heard.trimmed, isInterrupted: action != nil))
        return action
    }

    /// The words that can be spoken in a time.
    private static func words(of text: String, within time: Duration) -> String {
        let count = Int(time / RelaySpeech.perCharacter)
        guard count < text.count else { return text }
        let spoken = text.prefix(count)
        return String(spoken[..<(spoken.lastIndex(of: " ") ?? spoken.startIndex)])
    }

    private func wait(_ duration: Duration, listening: Bool) async throws -> CallerMachine.Action? {
        guard listening else {
            try await pass(duration)
            return nil
        }
        return try await listen(for: duration)
    }

    /// Listens until the caller acts, or time is up.
    func listen(for duration: Duration) async throws -> CallerMachine.Action? {
        let end = lineTime + duration
        while lineTime < end {
            try await passTick()
            guard let action = caller.action(at: lineTime) else { continue }
            if action == .hangUp { throw CancellationError() }
            return action
        }
        return nil
    }

    /// Lets the caller say a step's words; returns them.
    func letSpeak(_ step: Int) async throws -> String {
        let text = setup.party.script.steps[step].say ?? ""
        try await passUninterrupted(speakingTime(step))
        caller.finished(at: lineTime)
        if !text.isEmpty { note(.callerSaid(text)) }
        return text
    }

    /// How long a step's words take.
    func speakingTime(_ step: Int) -> Duration {
        if let sound = setup.party.sound.steps[step] { return .samples(sound.samples.count, rate: 8000) }
        return RelaySpeech.perCharacter * (setup.party.script.steps[step].say ?? "").count
    }

    /// Passes time in which nothing else can happen.
    func passUninterrupted(_ duration: Duration) async throws {
        let end = lineTime + duration
        while lineTime < end { try await passTick() }
    }
}
