// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Why a WebSocket was closed.
///
/// - SeeAlso: RFC 6455, section 7.4; the IANA registry adds 1012 to 1014.
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public var rawValue: UInt16

    /// Creates a code from its number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The purpose of the connection is fulfilled.
    public static let normal = Self(rawValue: 1000)
    /// The server shuts down, or the page is left.
    public static let goingAway = Self(rawValue: 1001)
    /// A frame broke the rules.
    public static let protocolError = Self(rawValue: 1002)
    /// A message of a kind that this side does not take.
    public static let unsupportedData = Self(rawValue: 1003)
    /// The peer's Close frame bore no code; never sent.
    public static let noStatus = Self(rawValue: 1005)
    /// Text that is not UTF-8.
    public static let invalidPayload = Self(rawValue: 1007)
    /// The message breaks a rule of the application.
    public static let policyViolation = Self(rawValue: 1008)
    /// The message is larger than this side takes.
    public static let messageTooBig = Self(rawValue: 1009)
    /// The server did not agree to an extension that the client needs.
    public static let mandatoryExtension = Self(rawValue: 1010)
    /// The server cannot fulfil the request.
    public static let internalError = Self(rawValue: 1011)
    /// The server restarts; the client may come back.
    public static let serviceRestart = Self(rawValue: 1012)
    /// The server is overloaded.
    public static let tryAgainLater = Self(rawValue: 1013)

    /// Whether a Close frame may bear the code.
    public var isValidOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    public var description: String { String(rawValue) }
}
