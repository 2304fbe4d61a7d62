// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import NIOHTTP1
import PipelineKit
import Testing

@testable import Transports

/// Clients that take their time, on a clock that stands still until it is moved.
@Suite struct HTTPDeadlineTests {
    private struct Line {
        let loops = LoopGroup(count: 1)
        let metrics = MetricsStore()
        let channel = NIOAsyncTestingChannel()

        func open() async throws {
            var routes = ServerRoutes()
            routes.get("/hello", access: .open) { _ in .text("hello") }
            routes.post("/length", access: .open) { .text("\($0.body.readableBytes)") }
            routes.get("/stuck", access: .open) { _ in
                try await Task.sleep(for: .seconds(3600))
                return .text("late")
            }
            let site = try ServerSite(PipelineServer(), routes, loops: loops, metrics: metrics, log: .silent)
            let peer = try #require(IPAddress("127.0.0.1"))
            let channel = channel
            try await channel.testingEventLoop.executeInContext {
                try HTTPPipeline.add(HTTPConnection(site, peer: peer), to: channel)
            }
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
        }

        func send(_ text: String) async throws { try await channel.writeInbound(ByteBuffer(string: text)) }
        func advance(_ seconds: Int64) async { await channel.testingEventLoop.advanceTime(by: .seconds(seconds)) }

        /// The next thing that is written.
        func answer() async throws -> String {
            String(buffer: try await channel.waitForOutboundWrite(as: ByteBuffer.self))
        }

        func close() async throws {
            _ = try? await channel.finish(acceptAlreadyClosed: true)
            try await loops.shutDown()
        }
    }

    @Test func dropsAClientThatSendsNothing() async throws {
        let line = Line()
        try await line.open()
        await line.advance(9)
        #expect(line.channel.isActive)
        await line.advance(1)
        #expect(!line.channel.isActive)
        try await line.close()
    }

    @Test func dropsAHeadThatDribblesIn() async throws {
        let line = Line()
        try await line.open()
        for byte in "GET /hello".prefix(9) {
            try await line.send(String(byte))
            await line.advance(1)
        }
        #expect(line.channel.isActive)
        await line.advance(1)
        #expect(!line.channel.isActive)
        try await line.close()
    }

    @Test func refusesABodyThatDribblesIn() async throws {
        let line = Line()
        try await line.open()
        try await line.send("POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n")
        for _ in 0..<29 {
            await line.advance(1)
            try await line.send("x")
        }
        #expect(line.channel.isActive)
        await line.advance(1)
        #expect(try await line.answer().hasPrefix("HTTP/1.1 408 "))
        await line.advance(2)
        #expect(!line.channel.isActive)
        try await line.close()
    }

    @Test func closesAConnectionOnWhichNothingMoreIsAsked() async throws {
        let line = Line()
        try await line.open()
        try await line.send("GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n")
        #expect(try await line.answer().hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(try await line.answer() == "hello")
        await line.advance(59)
        #expect(line.channel.isActive)
        await line.advance(1)
        #expect(!line.channel.isActive)
        try await line.close()
    }

    @Test func answersForARouteThatDoesNot() async throws {
        let line = Line()
        try await line.open()
        try await line.send("GET /stuck HTTP/1.1\r\nhost: localhost\r\n\r\n")
        await line.advance(60)
        #expect(try await line.answer().hasPrefix("HTTP/1.1 503 "))
        await line.advance(2)
        #expect(!line.channel.isActive)
        try await line.close()
    }
}
