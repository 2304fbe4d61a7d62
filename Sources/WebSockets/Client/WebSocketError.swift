// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import NIOHTTP1

/// Why a WebSocket could not be opened.
public struct WebSocketError: Error, Equatable, CustomStringConvertible {
    /// Causes that a caller may want to tell apart.
    public enum Code: Sendable {
        /// The address is malformed.
        case badURL
        /// The server cannot be reached, or its certificate is not trusted.
        case notReachable
        /// The server answered, but not with a WebSocket.
        case refused
        /// The server's answer breaks RFC 6455.
        case badHandshake
        /// The server did not answer in time.
        case timedOut
    }

    /// The cause.
    public var code: Code
    /// What happened, and with which value.
    public var message: String
    /// The status of the server's answer, when it was refused.
    public var status: Int?
    /// The headers of that answer.
    public var headers = HTTPHeaders()
    /// The beginning of that answer's content, at most 16 KiB.
    public var body = ByteBuffer()

    /// Creates an error.
    public init(_ code: Code, _ message: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status
    }

    public var description: String { message }
}
