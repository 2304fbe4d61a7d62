// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What names a media stream, and what the agent is told about it when it starts.
public struct StreamIdentity: Sendable, Hashable {
    /// The account.
    public var accountSid: String
    /// The call.
    public var callSid: String
    /// The stream.
    public var streamSid: String
    /// The `<Parameter>` elements, in order.
    public var parameters: [FormField]

    /// Creates an identity.
    public init(accountSid: String, callSid: String, streamSid: String, parameters: [FormField] = []) {
        self.accountSid = accountSid
        self.callSid = callSid
        self.streamSid = streamSid
        self.parameters = parameters
    }
}
