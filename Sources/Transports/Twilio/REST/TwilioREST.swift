// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// Places, changes and ends calls, and sends messages.
///
/// A request that Twilio certainly did not act on is repeated with growing pauses. One that it may have acted on is
/// looked up first, so that nobody's telephone rings twice.
///
/// - SeeAlso: https://www.twilio.com/docs/voice/api/call-resource
final class TwilioREST: Sendable {
    /// When requests are repeated.
    struct Retries: Sendable {
        /// Requests in all.
        var attempts = 4
        /// Pause before the second one; each later one is twice as long.
        var firstPause = Duration.milliseconds(500)
        /// Times that a request without an answer is looked up.
        var lookups = 3
    }

    private let exchange: any RESTExchange
    private let account: String
    private let retries: Retries
    private let sleep: @Sendable (Duration) async throws -> Void
    private let wallClock: @Sendable () -> Int
    /// Calls that were made, so that a lookup does not take one for another.
    private let known = Mutex<[String]>([])

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - sleep: Waits; a test puts a clock of its own in its place.
    ///   - wallClock: Seconds since 1970.
    init(
        _ exchange: any RESTExchange, account: String, retries: Retries = Retries(),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        wallClock: @escaping @Sendable () -> Int = { WallClock.milliseconds() / 1000 }
    ) {
        self.exchange = exchange
        self.account = FormText.encoded(account)
        self.retries = retries
        self.sleep = sleep
        self.wallClock = wallClock
    }

    // MARK: Calls

    /// Places a call; at most one, whatever the network does.
    ///
    /// - Throws: ``TwilioError``.
    func place(_ call: NewCall) async throws -> PlacedCall {
        let begin = wallClock()
        let path = "/Accounts/\(account)/Calls.json"
        let answer = try await send(path, form: call.form) { reason in
            try await self.lookUp(call, since: begin, reason)
        }
        return try placed(answer.body)
    }

    private func placed(_ body: JSONValue) throws -> PlacedCall {
        guard let call = PlacedCall(body) else {
            throw TwilioError(
                .unknownOutcome, "Twilio's answer names no call; look into its console before calling again")
        }
        remember(call.sid)
        return call
    }

    /// The call that a request without an answer has made, if it has.
    private func lookUp(_ call: NewCall, since begin: Int, _ reason: String) async throws -> RESTAnswer? {
        let query = "?To=\(FormText.encoded(call.to))&From=\(FormText.encoded(call.from))&PageSize=50"
        var wasAnswered = false
        for attempt in 0..<retries.lookups {
            try await sleep(retries.firstPause * (1 << attempt))
            guard let answer = try? await exchange.send(.get, "/Accounts/\(account)/Calls.json\(query)", form: ""),
                answer.isGood, let calls = answer.body["calls"]?.array
            else { continue }
            wasAnswered = true
            let found = calls.first { body in
                guard let found = PlacedCall(body), found.to == call.to, found.from == call.from else { return false }
                // Twilio's clock and ours need not agree to the second.
                return (found.createdAt ?? begin) >= begin - 30 && remember(found.sid)
            }
            if let found { return RESTAnswer(status: 200, body: found) }
        }
        guard wasAnswered else {
            throw TwilioError(
                .unknownOutcome,
                "it is not known whether the call was placed (\(reason)); look into Twilio's console before calling again"
            )
        }
        return nil
    }

    /// Notes a call.
    ///
    /// - Returns: Whether it was not known before.
    @discardableResult
    private func remember(_ sid: String) -> Bool {
        known.withLock { known in
            guard !known.contains(sid) else { return false }
            if known.count >= 1000 { known.removeFirst(100) }
            known.append(sid)
            return true
        }
    }

    /// Ends a call; one that is over already is no error.
    ///
    /// - Throws: ``TwilioError``.
    func hangUp(_ sid: String) async throws {
        do { try await update(sid, [("Status", "completed")]) } catch let error as TwilioError
            where error.code == .notFound
        {}
    }

    /// Gives a call other instructions; its stream ends.
    ///
    /// - Throws: ``TwilioError``.
    func redirect(_ sid: String, twiML: String) async throws { try await update(sid, [("Twiml", twiML)]) }

    private func update(_ sid: String, _ fields: [(String, String)]) async throws {
        var form = FormText()
        for (name, value) in fields { form.add(name, value) }
        // Doing it twice does no more than doing it once.
        let path = "/Accounts/\(account)/Calls/\(FormText.encoded(sid)).json"
        _ = try await send(path, form: form.text) { _ in nil }
    }

    // MARK: Messages

    /// Sends a text message; not again when it may have been sent.
    ///
    /// - Throws: ``TwilioError``.
    func sendMessage(to: String, from: String, body: String) async throws {
        var form = FormText()
        form.add("To", to)
        form.add("From", from)
        // Twilio takes 1600 characters (error 21617).
        form.add("Body", String(body.prefix(1600)))
        _ = try await send("/Accounts/\(account)/Messages.json", form: form.text) { reason in
            throw TwilioError(.unknownOutcome, "it is not known whether the message was sent: \(reason)")
        }
    }

    // MARK: Repeating

    /// Posts, again and again while Twilio certainly did nothing.
    ///
    /// - Parameter lookUp: Is asked when no answer came: gives what stands for one, or `nil` when the request may be
    ///   repeated, or throws when it may not.
    private func send(
        _ path: String, form: String, lookUp: (_ reason: String) async throws -> RESTAnswer?
    ) async throws -> RESTAnswer {
        var failure = TwilioError(.unreachable, "Twilio could not be reached")
        var wait: Duration?
        for attempt in 0..<retries.attempts {
            if attempt > 0 { try await pause(attempt, atLeast: wait) }
            do {
                let answer = try await exchange.send(.post, path, form: form)
                if answer.isGood { return answer }
                failure = answer.error
                wait = answer.retryAfter
                guard failure.code == .rateLimited else { throw failure }
            } catch RESTFailure.notSent(let reason) {
                failure = TwilioError(.unreachable, "Twilio could not be reached: \(reason)")
            } catch RESTFailure.mayBeDone(let reason) {
                if let answer = try await lookUp(reason) { return answer }
                failure = TwilioError(.unreachable, "Twilio did not do it: \(reason)")
            }
        }
        throw failure
    }

    private func pause(_ attempt: Int, atLeast wait: Duration?) async throws {
        let pause = max(retries.firstPause * (1 << (attempt - 1)), wait ?? .zero)
        // Requests that failed together shall not come back together.
        try await sleep(pause + pause * Double.random(in: 0..<0.5))
    }
}
