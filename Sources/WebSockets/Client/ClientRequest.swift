// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// What a client asks for.
struct ClientRequest: Sendable {
    /// Where.
    let url: WebSocketURL
    /// The nonce of this handshake.
    let key = WebSocketKey.random()
    /// Headers of the caller.
    let headers: HTTPHeaders
    /// Offered to the server.
    let subprotocols: [String]

    /// The server's name for messages; without the path, which may bear a token.
    var name: String { url.authority }

    /// The head of the request.
    var head: HTTPRequestHead {
        var headers = headers
        headers.replaceOrAdd(name: "host", value: url.authority)
        headers.replaceOrAdd(name: "upgrade", value: "websocket")
        headers.replaceOrAdd(name: "connection", value: "upgrade")
        headers.replaceOrAdd(name: "sec-websocket-version", value: "13")
        headers.replaceOrAdd(name: "sec-websocket-key", value: key)
        if !subprotocols.isEmpty {
            headers.replaceOrAdd(name: "sec-websocket-protocol", value: subprotocols.joined(separator: ", "))
        }
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: headers)
    }

    /// Checks the server's answer.
    ///
    /// - Returns: The subprotocol that was agreed on.
    /// - Throws: ``WebSocketError`` with what is wrong.
    func check(_ answer: HTTPResponseHead) throws(WebSocketError) -> String? {
        guard answer.status == .switchingProtocols else {
            var error = WebSocketError(
                .refused, "\(name) answered \(answer.status.code) \(answer.status.reasonPhrase)",
                status: Int(answer.status.code))
            error.headers = answer.headers
            throw error
        }
        func has(_ header: String, _ value: String) -> Bool {
            answer.headers[canonicalForm: header].contains { $0.lowercased() == value }
        }
        guard has("upgrade", "websocket"), has("connection", "upgrade") else {
            throw WebSocketError(.badHandshake, "\(name) switches to something that is no WebSocket")
        }
        guard answer.headers["sec-websocket-accept"] == [WebSocketKey.answer(to: key)] else {
            throw WebSocketError(.badHandshake, "\(name) did not answer this handshake's key")
        }
        guard !answer.headers.contains(name: "sec-websocket-extensions") else {
            throw WebSocketError(.badHandshake, "\(name) uses an extension that was not offered")
        }
        let chosen = answer.headers["sec-websocket-protocol"]
        guard chosen.count <= 1, chosen.allSatisfy(subprotocols.contains) else {
            throw WebSocketError(.badHandshake, "\(name) chose a subprotocol that was not offered")
        }
        return chosen.first
    }
}
