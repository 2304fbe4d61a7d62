// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit
import Testing

@testable import Transports

/// What goes wrong in a route reaches the operator, and whoever provokes it is slowed down.
@Suite struct ServerFailureTests {
    private struct Loss: Error, CustomStringConvertible {
        var description: String
    }

    @Test func logsTheCauseOfAnAnswerThatFailed() async throws {
        let long = String(repeating: "x ", count: 400)
        try await TestServer.run { routes in
            routes.get("/calls/{id}/number", access: .open) { request in
                switch request.query["cause"] {
                case "number": throw Loss(description: "+15550100 has 3 calls, not 12; see line 4711, 555-0100")
                case "long": throw Loss(description: long)
                default: throw ServerError(.badRequest, "no")
                }
            }
        } _: { server async throws in
            #expect(try await server.get("/calls/CA1/number?cause=number").hasPrefix("HTTP/1.1 500 "))
            #expect(try await server.get("/calls/CA1/number?cause=none").hasPrefix("HTTP/1.1 400 "))
            #expect(
                server.log.all == [
                    "error a route failed to answer cause=+######## has 3 calls, not 12; see line ####, ###-#### "
                        + "method=GET route=/calls/{id}/number type=Loss"
                ])
            #expect(try await server.get("/calls/CA1/number?cause=long").hasPrefix("HTTP/1.1 500 "))
            let last = try #require(server.log.all.last)
            #expect(last.contains("cause=\(long.prefix(500)) method=GET"))
            #expect(try await server.get("/broken").hasPrefix("HTTP/1.1 500 "))
            #expect(server.log.all.last?.contains("cause=inside") == true)
            #expect(server.refusals("http_500") == 3)
        }
    }

    @Test func chargesARouteThatRefusesWithoutThrowing() async throws {
        var settings = TestServer.unhurried
        settings.requestsPerMinute = 3
        try await TestServer.run(settings) { routes in
            routes.get("/signed", access: .custom) { request in
                request.query["signature"] == "right" ? .text("welcome") : .text("who are you?", status: .forbidden)
            }
        } _: { server async throws in
            for _ in 0..<10 { #expect(try await server.get("/signed?signature=right").hasSuffix("welcome")) }
            for _ in 0..<3 { #expect(try await server.get("/signed").hasSuffix("who are you?")) }
            #expect(server.refusals("http_403") == 3)
            #expect(try await server.get("/signed").hasPrefix("HTTP/1.1 429 "))
            #expect(try await server.get("/signed", from: "127.0.0.2").hasSuffix("who are you?"))
        }
    }
}
