// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What goes wrong with a request to the carrier's interface.
public enum CarrierFault: Sendable, Hashable {
    /// The request is answered with an error and has no effect.
    case refused(status: Int, code: Int)
    /// The request has its effect, but is answered with an error.
    case failedAfterActing(status: Int)
    /// The connection breaks before the request has its effect.
    case cutBeforeActing
    /// The request has its effect, and the connection breaks before the answer.
    case cutAfterActing
    /// The answer leads elsewhere.
    case redirected(to: String)
    /// The answer comes late.
    case delayed(Duration)
}

/// A request that the carrier's interface got.
public struct CarrierRequest: Sendable, Hashable {
    /// The method.
    public var method: String
    /// The path without a query.
    public var path: String
    /// The form, or the query.
    public var fields: [FormField]
    /// The status of the answer; `nil` when the connection was cut.
    public var status: Int?
}

/// A text message that an agent sent.
public struct CarrierMessage: Sendable, Hashable {
    /// The message's name.
    public var sid: String
    /// The sender.
    public var from: String
    /// The receiver.
    public var to: String
    /// The words.
    public var body: String
    /// The pieces that it is sent in.
    public var segmentCount: Int
}
