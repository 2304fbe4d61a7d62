// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// Hands calls on to a host, and lets a ``CallAudience`` follow them.
struct OverheardHost: CallHost {
    private let host: any CallHost
    private let audience: CallAudience

    init(_ host: any CallHost, _ audience: CallAudience) {
        self.host = host
        self.audience = audience
    }

    func accept(_ call: Call) async throws -> Session { try await watch(call) { try await host.accept($0) } }

    func accept(_ call: Call, on eventLoop: any EventLoop) async throws -> Session {
        try await watch(call) { try await host.accept($0, on: eventLoop) }
    }

    func words(in recording: @escaping @Sendable () throws -> Audio) async throws -> String {
        try await host.words(in: recording)
    }

    private func watch(_ call: Call, _ accept: (Call) async throws -> Session) async throws -> Session {
        let stage = audience.open(call)
        do { return try await accept(audience.watched(call, by: stage)) } catch {
            audience.close(stage)
            stage.close(.cancelled)
            throw error
        }
    }
}

extension CallAudience {
    /// The call with a stage between the transport and the session.
    func watched(_ call: Call, by stage: CallStage) -> Call {
        var watched = call
        watched.output = OverheardOutput(call.output, stage)
        watched.observer = SessionObservers((call.observer.map { [$0] } ?? []) + [OverheardEvents(stage, self)])
        watched.onInput = { frame in
            if let audio = frame.audio { stage.hear(.caller, audio, at: frame.mediaTime) }
        }
        return watched
    }
}

/// Tells a stage what happens in its call, and takes it away at the end.
private struct OverheardEvents: SessionObserver {
    private let stage: CallStage
    private let audience: CallAudience

    init(_ stage: CallStage, _ audience: CallAudience) {
        self.stage = stage
        self.audience = audience
    }

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        if case .ended = event { audience.close(stage) }
        stage.session(call, at: time, event)
    }
}

/// Passes on what the agent says, and lets a stage hear it.
private final class OverheardOutput: CallOutput {
    private let output: any CallOutput
    private let stage: CallStage

    init(_ output: any CallOutput, _ stage: CallStage) {
        self.output = output
        self.stage = stage
    }

    func write(_ audio: Audio, at time: MediaTime) {
        output.write(audio, at: time)
        stage.hear(.agent, audio, at: time)
    }

    func heard(at now: MediaTime) -> MediaTime { output.heard(at: now) }
    func clear() { output.clear() }
    func send(_ frame: Frame) { output.send(frame) }
    func close(_ reason: EndReason) { output.close(reason) }
}
