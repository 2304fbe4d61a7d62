// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

/// Whatever comes over a connection is answered or refused; nothing traps.
@Suite struct HTTPFuzzTests {
    private static let requests = [
        "GET /hello?a=b%20c HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n\r\n",
        "POST /form HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\n\r\na=%41&b=+",
        "POST /length HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        CallServerTests.upgrade("/echo"),
    ]

    @Test(arguments: 0..<20 as Range<UInt64>) func survivesMutatedRequests(_ seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let loops = LoopGroup(count: 1)
        var routes = ServerRoutes()
        routes.get("/hello", access: .open) { .text($0.query["a"] ?? "") }
        routes.post("/form", access: .open) { .text("\($0.form.fields.count)") }
        routes.post("/length", access: .open) { .text("\($0.body.readableBytes)") }
        routes.webSocket("/echo") { _ in .accept { _ in Echo() } }
        let site = try ServerSite(PipelineServer(), routes, loops: loops, metrics: MetricsStore(), log: .silent)
        let peer = try #require(IPAddress("127.0.0.1"))
        for _ in 0..<25 {
            let bytes = mutated(&generator)
            let channel = NIOAsyncTestingChannel()
            try await channel.testingEventLoop.executeInContext {
                try HTTPPipeline.add(HTTPConnection(site, peer: peer), to: channel)
            }
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            var rest = bytes[...]
            while !rest.isEmpty, channel.isActive {
                let piece = rest.prefix(Int.random(in: 1...80, using: &generator))
                rest = rest.dropFirst(piece.count)
                _ = try? await channel.writeInbound(ByteBuffer(bytes: piece))
            }
            await channel.testingEventLoop.advanceTime(by: .seconds(200))
            _ = try? await channel.finish(acceptAlreadyClosed: true)
        }
        try await loops.shutDown()
    }

    private func mutated(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = (0..<3).flatMap { _ in Array((Self.requests.randomElement(using: &generator) ?? "").utf8) }
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            guard let index = bytes.indices.randomElement(using: &generator) else { continue }
            switch Int.random(in: 0...2, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
            case 1: bytes.remove(at: index)
            default: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
            }
        }
        return bytes
    }
}
