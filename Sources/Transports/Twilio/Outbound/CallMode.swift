// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Whether a call goes out to the telephone network or stays in the house, and why.
package enum CallMode: Sendable, Equatable, CustomStringConvertible {
    /// The number is called.
    case real
    /// An agent answers in the place of the number.
    case simulated(reason: String)

    /// What whoever asks for the call says of it.
    package enum Wish: Sendable, Equatable {
        /// Real if that is possible.
        case automatic
        /// Real or not at all.
        case real
        /// Simulated, also where a real call is possible.
        case simulated
    }

    /// A real call was asked for that cannot be placed.
    package struct NotPossible: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Chooses as is wished.
    ///
    /// - Throws: ``NotPossible``, which names what is missing for a real call.
    package static func choose(
        hasNumber: Bool = true, missing: [String], _ wish: Wish
    ) throws(NotPossible) -> CallMode {
        let mode = choose(hasNumber: hasNumber, missing: missing)
        switch (wish, mode) {
        case (.simulated, _): return .simulated(reason: "as asked for")
        case (.real, .simulated(let reason)): throw NotPossible(description: reason)
        case (.automatic, _), (.real, .real): return mode
        }
    }

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

    /// The mode's name.
    package var name: String {
        switch self {
        case .real: "real"
        case .simulated: "simulated"
        }
    }

    /// Why it was chosen.
    package var reason: String {
        switch self {
        case .real: "the number is called"
        case .simulated(let reason): reason
        }
    }

    package var description: String { "\(name): \(reason)" }
}
