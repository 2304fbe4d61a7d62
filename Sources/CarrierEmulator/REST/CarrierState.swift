// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// The calls and messages of a carrier, and what its interface has been asked for.
final class CarrierState: Sendable {
    private struct State {
        var calls: [String: CarrierCall] = [:]
        var order: [String] = []
        var tasks: [String: Task<CallReport, Never>] = [:]
        var messages: [CarrierMessage] = []
        var requests: [CarrierRequest] = []
        var faults: [CarrierFault] = []
        var isClosed = false
    }

    private static let callLimit = 10_000
    private static let requestLimit = 100_000

    let environment: CallEnvironment
    private let state = Mutex(State())

    /// Creates a carrier without calls.
    init(_ environment: CallEnvironment) { self.environment = environment }

    // MARK: Calls

    /// Begins a call; `nil` when there are too many, or the carrier is closed.
    @discardableResult
    func add(_ setup: CallSetup) -> CarrierCall? {
        let call = CarrierCall(setup, environment)
        return state.withLock { state in
            guard state.calls.count < Self.callLimit, !state.isClosed else { return nil }
            state.calls[call.sid] = call
            state.order.append(call.sid)
            state.tasks[call.sid] = Task { await call.run() }
            return call
        }
    }

    /// A call by its name.
    func call(_ sid: String) -> CarrierCall? { state.withLock { $0.calls[sid] } }

    /// All calls, the first one first.
    var allCalls: [CarrierCall] { state.withLock { state in state.order.compactMap { state.calls[$0] } } }

    /// What is left of a call, once it is over; cancelling the task ends the call.
    func report(of sid: String) async -> CallReport? {
        guard let task = state.withLock({ $0.tasks[sid] }) else { return nil }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Ends all calls and takes no more.
    func close() async {
        let tasks = state.withLock { state in
            state.isClosed = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.value }
    }

    // MARK: Messages, requests, faults

    /// Text messages that were sent, in order.
    var messages: [CarrierMessage] { state.withLock { $0.messages } }

    /// Takes a text message.
    func add(_ message: CarrierMessage) {
        state.withLock { if $0.messages.count < Self.requestLimit { $0.messages.append(message) } }
    }

    /// Requests to the interface, in order.
    var requests: [CarrierRequest] { state.withLock { $0.requests } }

    /// Notes a request.
    func add(_ request: CarrierRequest) {
        state.withLock { if $0.requests.count < Self.requestLimit { $0.requests.append(request) } }
    }

    /// Adds faults, each for one of the requests to come.
    func add(_ faults: [CarrierFault]) { state.withLock { $0.faults += faults } }

    /// The fault of the next request.
    func takeFault() -> CarrierFault? {
        state.withLock { $0.faults.isEmpty ? nil : $0.faults.removeFirst() }
    }
}
