// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import PipelineKit
import PipelineTesting
import Providers
import Testing

/// Does what a test says, once, on a real loop.
private final class Errand: Service {
    static let name = "errand"
    static let summary = "Does what a test says."

    private let body: nonisolated(nonsending) @Sendable (ServiceOutput) async -> Void

    init(_ body: nonisolated(nonsending) @escaping @Sendable (ServiceOutput) async -> Void) { self.body = body }
    convenience init(_ parameters: NoParameters) { self.init { _ in } }

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws { await body(output) }
}

/// The real network over the loopback.
@Suite struct RealNetworkTests {
    private func onLoop<Value: Sendable>(
        _ body: nonisolated(nonsending) @escaping @Sendable (ServiceOutput) async throws -> Value
    ) async throws -> Value {
        let group = LoopGroup(count: 1)
        let (results, continuation) = AsyncStream<Result<Value, any Error>>.makeStream()
        var builder = PipelineBuilder("network", limits: .unhurried)
        builder.add(
            Errand { output in
                do { continuation.yield(.success(try await body(output))) } catch {
                    continuation.yield(.failure(error))
                }
            })
        let session = try await Session.start(
            builder.build(), call: Call(id: "1", transport: "test"), on: group.loops[0])
        await session.push(Frame(Transcript("go"), at: .zero))
        let result = await results.first { _ in true }
        await session.end(.cancelled)
        _ = await session.ended()
        try await group.shutDown()
        return try #require(result).get()
    }

    private func withServer<Value>(
        _ answer: String, closes: Bool = false, _ body: (RawServer) async throws -> Value
    ) async throws -> Value {
        let server = try await RawServer(answer, closes: closes)
        let value = try await body(server)
        try await server.stop()
        return value
    }

    @Test func sendsARequestAndReadsTheAnswer() async throws {
        let answer = "HTTP/1.1 418 Teapot\r\nX-Request-ID: r1\r\ncontent-length: 5\r\n\r\nhello"
        try await withServer(answer) { server in
            let port = server.port
            let seen = try await onLoop { output in
                var request = ProviderRequest("POST", url: "http://127.0.0.1:\(port)/path?token=t")
                request.headers = [("x-key", "k")]
                request.body = ByteBuffer(string: "question")
                let response = try await output.network.send(request, output)
                var body = ByteBuffer()
                while let bytes = try await response.body.next() { body.writeImmutableBuffer(bytes) }
                return "\(response.status) \(response.header("x-request-id") ?? "") \(String(buffer: body))"
            }
            #expect(seen == "418 r1 hello")
            guard case .received(let request) = await server.next() else {
                Issue.record("nothing came")
                return
            }
            #expect(request.hasPrefix("POST /path?token=t HTTP/1.1\r\n"))
            #expect(request.contains("x-key: k"))
            #expect(!request.lowercased().contains("accept-encoding"))
        }
    }

    private static let endless = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"

    @Test func closesTheConnectionWhenTheAnswerIsGivenUp() async throws {
        try await withServer(Self.endless) { server in
            let port = server.port
            let first = try await onLoop { output in
                let response = try await output.network.send(
                    ProviderRequest(url: "http://127.0.0.1:\(port)/"), output)
                let first = try await response.body.next()
                response.body.giveUp()
                return first.map { String(buffer: $0) }
            }
            #expect(first == "hello")
            _ = await server.next()
            #expect(await server.next() == .closed)
        }
    }

    @Test func closesTheConnectionWhenTheTimeIsUp() async throws {
        try await withServer(Self.endless) { server in
            let port = server.port
            await #expect(throws: ProviderError.self) {
                try await onLoop { output in
                    let timeouts = ProviderTimeouts(idle: .milliseconds(50))
                    let client = ProviderClient(
                        "test", ProviderParameters(baseURL: "http://127.0.0.1:\(port)", timeouts: timeouts))
                    let reader = try await client.send(ProviderRequest(url: client.parameters.url("/")), output)
                    return try await reader.all()
                }
            }
            _ = await server.next()
            #expect(await server.next() == .closed)
        }
    }

    @Test func keepsWhatARefusedSocketSays() async throws {
        let body = #"{"err_code":"INVALID_AUTH","err_msg":"Invalid credentials."}"#
        let answer =
            "HTTP/1.1 401 Unauthorized\r\ndg-request-id: r2\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        try await withServer(answer) { server in
            let port = server.port
            let error = await #expect(throws: ProviderError.self) {
                try await onLoop { output in
                    let socket = try await output.network.connect(
                        ProviderRequest(url: "ws://127.0.0.1:\(port)/?token=t"), output)
                    socket.close()
                }
            }
            #expect(error?.message == "answered 401 (INVALID_AUTH): Invalid credentials.; check api_key")
            #expect(error?.kind == .permanent)
            #expect(error?.requestID == "r2")
        }
    }

    @Test func carriesBytesBothWays() async throws {
        try await withServer("pong", closes: true) { server in
            let port = server.port
            let heard = try await onLoop { output in
                let stream = try await output.network.dial("127.0.0.1", port: port, output)
                stream.write(ByteBuffer(string: "ping"))
                var heard = ""
                while let bytes = try await stream.next() { heard += String(buffer: bytes) }
                return heard
            }
            #expect(heard == "pong")
            #expect(await server.next() == .received("ping"))
        }
    }

    @Test func closesAConnectionThatNobodyHolds() async throws {
        try await withServer("pong") { server in
            let port = server.port
            let heard = try await onLoop { output in
                let stream = try await output.network.dial("127.0.0.1", port: port, output)
                stream.write(ByteBuffer(string: "ping"))
                return try await stream.next().map { String(buffer: $0) }
            }
            #expect(heard == "pong")
            _ = await server.next()
            #expect(await server.next() == .closed)
        }
    }

    @Test func saysThatNobodyListens() async throws {
        let port = try await withServer("") { $0.port }
        for attempt in ["send", "connect", "dial"] {
            let error = await #expect(throws: ProviderError.self) {
                try await onLoop { output in
                    switch attempt {
                    case "send":
                        _ = try await output.network.send(
                            ProviderRequest(url: "http://127.0.0.1:\(port)/secret"), output)
                    case "connect":
                        _ = try await output.network.connect(
                            ProviderRequest(url: "ws://127.0.0.1:\(port)/secret"), output)
                    default: _ = try await output.network.dial("127.0.0.1", port: port, output)
                    }
                }
            }
            #expect(error?.kind == .transient)
            #expect(error?.mayHaveArrived == false)
            #expect(error?.message.contains("127.0.0.1:\(port)") == true)
            #expect(error?.message.contains("secret") == false)
        }
    }
}
