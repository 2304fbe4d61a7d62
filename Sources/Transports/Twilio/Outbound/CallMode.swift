// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Whether a call goes out to the telephone network or stays in the house, and why.
package enum CallMode: Sendable, Equatable, CustomStringConvertible {
    /// The number is called.
    case real
    /// An agent answers in the place of the number.
    case simulated(reason: String)

    /// Chooses: a real call needs a number and everything that Twilio asks for.
    ///
    /// - Parameters:
    ///   - hasNumber: Whether it is known which number to call.
    ///   - missing: What the configuration lacks, as ``TwilioTransport/missing`` says.
    package static func choose(hasNumber: Bool, missing: [String]) -> CallMode {
        switch (hasNumber, missing.isEmpty) {
        case (true, true): .real
        case (false, true): .simulated(reason: "no telephone number was found")
        case (true, false): .simulated(reason: "Twilio is not configured: \(missing.joined(separator: ", ")) missing")
        case (false, false):
            .simulated(
                reason: "no telephone number was found, and Twilio is not configured: "
                    + "\(missing.joined(separator: ", ")) missing")
        }
    }

    package var description: String {
        switch self {
        case .real: "real: the number is called"
        case .simulated(let reason): "simulated: \(reason)"
        }
    }
}
