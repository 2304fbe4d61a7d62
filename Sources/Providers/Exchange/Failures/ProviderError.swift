// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// An exchange with a provider failed.
package struct ProviderError: Error, Sendable {
    /// What kind of failure it is, and so what can be done.
    package enum Kind: String, Sendable {
        /// It will fail again: a wrong key, no credit, a request that the provider does not take.
        case permanent
        /// The provider has no room now.
        case capacity
        /// It may go well the next time: a reset, a time-out, a server's fault.
        case transient
        /// What came cannot be understood.
        case malformed
    }

    /// What kind.
    package var kind: Kind
    /// What happened, and what to do; holds no secret.
    package var message: String
    /// The status of the answer, or the close code of the socket.
    package var status: Int?
    /// How long the provider asks to be left alone.
    package var retryAfter: Duration?
    /// The provider's name for the request, for its support.
    package var requestID: String?
    /// Whether the provider may have seen the request: what is not safe to do twice is repeated only if not.
    package var mayHaveArrived = true
    /// Whether the provider took longer than it may; asked once more it would have twice the work.
    package var isTimeout = false

    /// Creates an error.
    package init(
        _ kind: Kind, _ message: String, status: Int? = nil, retryAfter: Duration? = nil, requestID: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
        self.requestID = requestID
    }
}

extension ProviderError {
    /// The provider took longer than it may.
    ///
    /// - Parameters:
    ///   - what: What did not happen.
    ///   - key: The parameter that sets the limit.
    package static func late(_ what: String, within limit: Duration, _ key: String) -> ProviderError {
        var error = ProviderError(.transient, "\(what) within \(limit.parameterText) (\(key))")
        error.isTimeout = true
        return error
    }
}

extension ProviderError: CustomStringConvertible {
    package var description: String { message }
}
