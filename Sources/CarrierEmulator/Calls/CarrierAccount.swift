// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// An account with the emulated carrier.
public struct CarrierAccount: Sendable {
    /// Its name, `AC` and 32 digits.
    public var sid: String
    /// What requests are authorised with, and what webhooks are signed with.
    public var authToken: Secret<String>

    /// An account that opens nothing but the emulator.
    public static let example = CarrierAccount(
        sid: "AC00000000000000000000000000000001", authToken: Secret("0123456789abcdef0123456789abcdef"))

    /// Creates an account.
    public init(sid: String, authToken: Secret<String>) {
        self.sid = sid
        self.authToken = authToken
    }
}
