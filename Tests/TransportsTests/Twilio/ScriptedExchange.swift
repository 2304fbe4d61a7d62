// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

@testable import Transports

/// Twilio's REST API as a script says: answers in order, and remembers what was asked.
final class ScriptedExchange: RESTExchange {
    /// What becomes of one request.
    typealias Step = Result<RESTAnswer, RESTFailure>

    private struct State {
        var steps: [Step]
        var requests: [String] = []
    }

    private let state: Mutex<State>

    init(_ steps: Step...) { state = Mutex(State(steps: steps)) }

    /// Method, path and content of each request.
    var requests: [String] { state.withLock { $0.requests } }

    func send(_ method: RESTMethod, _ path: String, form: String) async throws(RESTFailure) -> RESTAnswer {
        let step = state.withLock { state in
            state.requests.append("\(method.rawValue) \(path) \(form)")
            return state.steps.isEmpty ? .failure(.notSent("the script is over")) : state.steps.removeFirst()
        }
        return try step.get()
    }
}

extension Result where Success == RESTAnswer, Failure == RESTFailure {
    /// The answer to a request that made or found a call.
    static func call(
        _ sid: String, to: String = "+15550101", from: String = "+15550100", at date: String? = nil
    ) -> Self {
        .success(RESTAnswer(status: 201, body: description(sid, to, from, date)))
    }

    /// The answer to a question for calls.
    static func calls(_ sids: String..., to: String = "+15550101", at date: String? = nil) -> Self {
        let calls = sids.map { description($0, to, "+15550100", date) }
        return .success(RESTAnswer(status: 200, body: ["calls": .array(calls)]))
    }

    /// A refusal with Twilio's own number.
    static func refusal(_ status: Int, _ code: Int, retryAfter: Duration? = nil) -> Self {
        let body: JSONValue = ["code": .integer(code), "message": "no", "status": .integer(status)]
        return .success(RESTAnswer(status: status, body: body, retryAfter: retryAfter))
    }

    private static func description(_ sid: String, _ to: String, _ from: String, _ date: String?) -> JSONValue {
        [
            "sid": .string(sid), "to": .string(to), "from": .string(from), "status": "queued",
            "date_created": date.map { .string($0) } ?? .null,
        ]
    }
}
