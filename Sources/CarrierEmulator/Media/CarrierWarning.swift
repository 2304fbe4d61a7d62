// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Something that the carrier's console would list: an error or a warning with its number.
public struct CarrierWarning: Error, Hashable, Sendable, CustomStringConvertible {
    /// The carrier's number.
    public var code: Int
    /// What happened.
    public var message: String

    /// Creates a warning.
    public init(_ code: Int, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code): \(message)" }

    /// A message of a media stream that does not have the documented shape.
    static func invalidMessage(_ message: String) -> CarrierWarning { CarrierWarning(31951, message) }
}
