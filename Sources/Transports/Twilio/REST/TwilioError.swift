// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Why Twilio did not do what it was asked for.
public struct TwilioError: Error, Equatable, CustomStringConvertible {
    /// The cause, as far as a caller may want to act on it.
    public enum Code: String, Sendable {
        /// A credential is missing; nothing was sent.
        case missingCredential = "missing_credential"
        /// The account or its token is wrong.
        case authentication
        /// The number cannot be called: it is none, or the network does not reach it.
        case invalidNumber = "invalid_number"
        /// The account may not do this: a trial, a region, a number that has opted out.
        case notPermitted = "not_permitted"
        /// There is no such call, or it is over.
        case notFound = "not_found"
        /// Too many requests; nothing was done.
        case rateLimited = "rate_limited"
        /// Twilio refused for another reason; the message says which.
        case rejected
        /// Twilio could not be reached; nothing was done.
        case unreachable
        /// No answer came, so that it is not known whether it was done; nothing was repeated.
        case unknownOutcome = "unknown_outcome"
    }

    /// The cause.
    public var code: Code
    /// The number of Twilio's own error, as in https://www.twilio.com/docs/api/errors.
    public var twilioCode: Int?
    /// The status of the answer, if there was one.
    public var status: Int?
    /// What happened and what to do; bears no secret.
    public var message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String, twilioCode: Int? = nil, status: Int? = nil) {
        self.code = code
        self.message = message
        self.twilioCode = twilioCode
        self.status = status
    }

    public var description: String {
        guard let twilioCode else { return message }
        return "\(message) (Twilio error \(twilioCode), see https://www.twilio.com/docs/api/errors/\(twilioCode))"
    }
}
