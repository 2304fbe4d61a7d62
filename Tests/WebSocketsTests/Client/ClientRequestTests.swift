// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Testing

@testable import WebSockets

@Suite struct ClientRequestTests {
    private func request(_ subprotocols: [String] = []) throws -> ClientRequest {
        ClientRequest(url: try WebSocketURL("ws://h/x"), headers: ["x-a": "b"], subprotocols: subprotocols)
    }

    private func answer(
        to request: ClientRequest, _ change: (inout HTTPResponseHead) -> Void = { _ in }
    ) throws
        -> HTTPResponseHead
    {
        var answer = try WebSocketUpgrade(request.head).response()
        change(&answer)
        return answer
    }

    @Test func isWhatAServerTakes() throws {
        let request = try request(["agent.v1", "token.abc"])
        #expect(try WebSocketUpgrade(request.head).subprotocols == ["agent.v1", "token.abc"])
        #expect(request.head.headers["x-a"] == ["b"])
        let answer = try WebSocketUpgrade(request.head).response(subprotocol: "agent.v1")
        #expect(try request.check(answer) == "agent.v1")
    }

    @Test func usesAnotherKeyEachTime() throws { #expect(try request().key != request().key) }

    @Test func answersTheKeyOfTheStandard() {
        #expect(WebSocketKey.answer(to: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test func refusesAnswersThatAreNoAgreement() throws {
        let request = try request()
        let changes: [(WebSocketError.Code, (inout HTTPResponseHead) -> Void)] = [
            (.refused, { $0.status = .ok }),
            (.refused, { $0.status = .unauthorized }),
            (.badHandshake, { $0.headers.remove(name: "upgrade") }),
            (.badHandshake, { $0.headers.replaceOrAdd(name: "connection", value: "close") }),
            (.badHandshake, { $0.headers.replaceOrAdd(name: "sec-websocket-accept", value: "other") }),
            (.badHandshake, { $0.headers.add(name: "sec-websocket-extensions", value: "permessage-deflate") }),
            (.badHandshake, { $0.headers.add(name: "sec-websocket-protocol", value: "not-offered") }),
        ]
        for (code, change) in changes {
            let answer = try answer(to: request, change)
            let error = #expect(throws: WebSocketError.self) { _ = try request.check(answer) }
            #expect(error?.code == code)
        }
    }
}
