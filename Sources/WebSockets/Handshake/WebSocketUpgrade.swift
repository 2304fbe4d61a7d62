// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOHTTP1

/// The server's side of the opening handshake: is a request one, is it right, and what is the answer.
///
/// - SeeAlso: RFC 6455, section 4.2.
public struct WebSocketUpgrade: Sendable, Equatable {
    /// The handshake breaks a rule.
    public struct Refusal: Error, Equatable {
        /// 400, or 426 when another version is asked for.
        public var status: HTTPResponseStatus
        /// What is wrong with the request.
        public var message: String
        /// Headers that the answer must bear.
        public var headers: HTTPHeaders
    }

    private let key: String
    /// The subprotocols that the client offers, the one that it likes best first.
    public let subprotocols: [String]

    /// Whether a request asks for a WebSocket, rightly or not.
    public static func isAsked(_ head: HTTPRequestHead) -> Bool {
        head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    }

    /// Checks a request.
    ///
    /// - Throws: ``Refusal`` with what is to be answered.
    public init(_ head: HTTPRequestHead) throws(Refusal) {
        guard head.method == .GET, head.version == .http1_1 else {
            throw Self.bad("a WebSocket is opened by GET over HTTP/1.1")
        }
        guard head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            throw Self.bad("the header 'Connection: Upgrade' is missing")
        }
        guard head.headers["sec-websocket-version"] == ["13"] else {
            var refusal = Self.bad("the header 'Sec-WebSocket-Version' must be 13")
            refusal.status = .upgradeRequired
            refusal.headers.add(name: "sec-websocket-version", value: "13")
            throw refusal
        }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, let key = keys.first, WebSocketKey.isValid(key) else {
            throw Self.bad("the header 'Sec-WebSocket-Key' must be there once and have 16 bytes in base64")
        }
        self.key = key
        subprotocols = head.headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
    }

    private static func bad(_ message: String) -> Refusal {
        Refusal(status: .badRequest, message: message, headers: [:])
    }

    /// The answer that opens the socket.
    ///
    /// - Parameter subprotocol: One of ``subprotocols``, or `nil` for none.
    public func response(subprotocol: String? = nil, headers: HTTPHeaders = [:]) -> HTTPResponseHead {
        var headers = headers
        headers.replaceOrAdd(name: "upgrade", value: "websocket")
        headers.replaceOrAdd(name: "connection", value: "upgrade")
        headers.replaceOrAdd(name: "sec-websocket-accept", value: WebSocketKey.answer(to: key))
        if let subprotocol { headers.replaceOrAdd(name: "sec-websocket-protocol", value: subprotocol) }
        return HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
    }
}
