// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What became of a request to Twilio.
struct RESTAnswer: Sendable {
    /// The status.
    var status: Int
    /// The content.
    var body: JSONValue
    /// How long to wait before the next request, where the answer says.
    var retryAfter: Duration?

    /// Creates an answer.
    init(status: Int, body: JSONValue, retryAfter: Duration? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }

    /// Whether Twilio did what it was asked for.
    var isGood: Bool { (200..<300).contains(status) }

    /// Why Twilio did not; the number in the body says it better than the status.
    var error: TwilioError {
        let number = body["code"]?.integer
        let text = body["message"]?.string.map { String($0.prefix(300)) } ?? "Twilio answers with status \(status)"
        return TwilioError(Self.code(status, number), text, twilioCode: number, status: status)
    }

    private static func code(_ status: Int, _ number: Int?) -> TwilioError.Code {
        switch (number, status) {
        case (20003, _), (_, 401): .authentication
        case (20404, _), (21220, _), (_, 404): .notFound
        case (20429, _), (_, 429): .rateLimited
        case (21201, _), (21211, _), (21214, _), (21217, _), (21614, _): .invalidNumber
        case (21210, _), (21215, _), (21219, _), (21610, _), (21612, _), (_, 403): .notPermitted
        default: .rejected
        }
    }
}

/// How requests reach Twilio; a test puts a script in its place.
protocol RESTExchange: Sendable {
    /// Sends a request once.
    ///
    /// - Throws: ``RESTFailure`` when no answer came.
    func send(_ method: RESTMethod, _ path: String, form: String) async throws(RESTFailure) -> RESTAnswer
}

/// What is done with a resource.
enum RESTMethod: String, Sendable {
    /// Asks how it is.
    case get = "GET"
    /// Makes or changes it.
    case post = "POST"
}

/// No answer came.
enum RESTFailure: Error, Equatable {
    /// No connection was there: Twilio knows nothing of the request.
    case notSent(String)
    /// Twilio may have done what it was asked for.
    case mayBeDone(String)
}
