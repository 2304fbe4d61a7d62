// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Synchronization

/// One call as others follow it: keeps what happened for those who come later, and passes on what happens.
///
/// Called on the session's loop and on those of the listeners; nobody waits for anybody. Bounded: ``mostEntries`` of the
/// past, and ``mostListeners`` at once.
final class CallStage: SessionObserver {
    /// Whose sound it is; the numbers are part of the protocol.
    enum Side: UInt8 {
        /// The far end of the line.
        case caller = 0
        case agent = 1
    }

    static let mostListeners = 8
    static let mostEntries = 500

    private struct State {
        var history: [String] = []
        var listeners: [ListeningSocket] = []
        var isOver = false
    }

    /// Ids under which the call is asked for: its own, and the carrier's.
    let names: Set<String>
    private let state = Mutex(State())
    /// Listeners that want sound, so that a call without them does nothing for every frame.
    private let soundCount = Atomic(0)

    /// Creates the stage of a call that is about to begin.
    init(_ call: Call) {
        names = Set([call.id, call.attributes["call_sid"] ?? call.id])
        state.withLock { $0.history.append(Self.opening(call).description) }
    }

    // MARK: Listeners

    /// Tells a listener what happened so far, and from now on what happens; `false` when there are too many.
    func add(_ listener: ListeningSocket) -> Bool {
        state.withLock { state in
            guard !state.isOver, state.listeners.count < Self.mostListeners else { return false }
            for text in state.history { listener.take(text: text) }
            state.listeners.append(listener)
            if listener.wantsSound { soundCount.add(1, ordering: .relaxed) }
            return true
        }
    }

    /// A listener has gone.
    func remove(_ listener: ListeningSocket) {
        state.withLock { state in
            guard let index = state.listeners.firstIndex(where: { $0 === listener }) else { return }
            state.listeners.remove(at: index)
            if listener.wantsSound { soundCount.subtract(1, ordering: .relaxed) }
        }
    }

    /// The call is over, or never began: whoever listens is told and let go.
    func close(_ reason: EndReason) {
        let end = BrowserNotice.end(reason).json?.description
        let listeners = state.withLock { state in
            guard !state.isOver else { return [ListeningSocket]() }
            state.isOver = true
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners {
            if let end { listener.take(text: end) }
            listener.finish()
        }
    }

    // MARK: The call

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        if case .ended(let report) = event { return close(report.reason) }
        guard let json = BrowserNotice.event(event).json else { return }
        let text = json.appending(["time_ms": .integer(Self.milliseconds(time))]).description
        state.withLock { state in
            if Self.isKept(event) { state.history.append(text) }
            // The first entry says what kind of call it is.
            if state.history.count > Self.mostEntries { state.history.remove(at: 1) }
            for listener in state.listeners { listener.take(text: text) }
        }
    }

    /// Sound of one side, at its place in the call.
    func hear(_ side: Side, _ audio: Audio, at time: MediaTime) {
        guard soundCount.load(ordering: .relaxed) > 0 else { return }
        var message = ByteBuffer()
        message.reserveCapacity(8 + audio.byteCount)
        message.writeInteger(UInt32(side.rawValue), endianness: .little)
        message.writeInteger(UInt32(clamping: Self.milliseconds(time)), endianness: .little)
        audio.withBytes { _ = message.writeBytes($0) }
        let listeners = state.withLock { $0.listeners }
        for listener in listeners where listener.wantsSound { listener.take(binary: message) }
    }

    private static func isKept(_ event: SessionEvent) -> Bool {
        switch event {
        case .heardCaller(_, _, let isFinal): isFinal
        case .spoke, .callerSpeaking, .agentSpeaking, .interruption: true
        default: false
        }
    }

    private static func milliseconds(_ time: MediaTime) -> Int { Int((time - .zero) / .milliseconds(1)) }

    private static func opening(_ call: Call) -> JSONValue {
        [
            "type": "call", "id": .string(call.id), "transport": .string(call.transport),
            "caller": format(call.inputFormat), "agent": format(call.outputFormat),
        ]
    }

    private static func format(_ format: AudioFormat?) -> JSONValue {
        guard let format else { return .null }
        return [
            "encoding": .string(format.encoding.rawValue), "rate": .integer(format.rateHz),
            "channels": .integer(format.channels),
        ]
    }
}
