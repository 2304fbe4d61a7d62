// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
public import PipelineKit
import Synchronization
import WebSockets

/// Lets others follow the calls of a process while they last, by WebSocket at `/ws/calls/{id}`.
///
/// Whoever asks before the call begins waits for it, at most ``ListeningSocket/patience``.
public final class CallAudience: Sendable {
    private static let mostWaiting = 100
    private static let longestID = 64

    private struct State {
        var stages: [String: CallStage] = [:]
        var waiting: [String: [ListeningSocket]] = [:]
    }

    private let state = Mutex(State())

    /// Creates an audience that waits for calls.
    public init() {}

    /// Adds `/ws/calls/{id}`, with `?sound=1` for the sound of both sides.
    public func mount(_ routes: inout ServerRoutes) {
        let limits = WebSocketLimits(maxMessageBytes: 4096)
        routes.webSocket("/ws/calls/{id}", access: .apiKey, limits: limits) { request in
            guard OriginCheck.allows(request, []) else {
                return .refuse(.forbidden, "pages of other sites may not listen to calls")
            }
            let id = request.pathParameters["id"] ?? ""
            guard !id.isEmpty, id.utf8.count <= Self.longestID else {
                return .refuse(.notFound, "there is no such call")
            }
            let offered = request.headers[canonicalForm: "sec-websocket-protocol"]
            let subprotocol = offered.contains { $0 == Self.subprotocol } ? Self.subprotocol : nil
            let wantsSound = request.query["sound"] == "1"
            return .accept(subprotocol: subprotocol) { loop in
                ListeningSocket(self, call: id, wantsSound: wantsSound, on: loop)
            }
        }
    }

    private static let subprotocol = "call.v1"

    /// A host that gives every call that it hands on a stage.
    public func watching(_ host: any CallHost) -> any CallHost { OverheardHost(host, self) }

    // MARK: Calls

    /// A call begins; those who wait for it hear it from the start.
    func open(_ call: Call) -> CallStage {
        let stage = CallStage(call)
        let waiting = state.withLock { state in
            for name in stage.names { state.stages[name] = stage }
            return stage.names.flatMap { state.waiting.removeValue(forKey: $0) ?? [] }
        }
        for listener in waiting where !stage.add(listener) { listener.refuse("too many listen to this call") }
        return stage
    }

    /// A call is over.
    func close(_ stage: CallStage) {
        state.withLock { state in
            for name in stage.names where state.stages[name] === stage { state.stages[name] = nil }
        }
    }

    // MARK: Listeners

    /// Somebody wants to follow a call; `false` when there are too many.
    func join(_ id: String, _ listener: ListeningSocket) -> Bool {
        let stage = state.withLock { state -> CallStage? in
            if let stage = state.stages[id] { return stage }
            state.waiting[id, default: []].append(listener)
            return nil
        }
        if let stage { return stage.add(listener) }
        guard state.withLock({ $0.waiting.values.reduce(0) { $0 + $1.count } }) > Self.mostWaiting else { return true }
        leave(id, listener)
        return false
    }

    /// Whether a listener still waits for its call.
    func isWaiting(_ id: String, _ listener: ListeningSocket) -> Bool {
        state.withLock { $0.waiting[id]?.contains { $0 === listener } ?? false }
    }

    /// A listener has gone.
    func leave(_ id: String, _ listener: ListeningSocket) {
        let stage = state.withLock { state in
            state.waiting[id]?.removeAll { $0 === listener }
            if state.waiting[id]?.isEmpty == true { state.waiting[id] = nil }
            return state.stages[id]
        }
        stage?.remove(listener)
    }
}
