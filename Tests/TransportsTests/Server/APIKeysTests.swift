// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import PipelineKit
import Testing

@testable import Transports

@Suite struct APIKeysTests {
    private func request(_ headers: HTTPHeaders, from address: String = "127.0.0.1") throws -> ServerRequest {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/calls/active", headers: headers)
        return RequestReader(PipelineServer()).request(
            head, body: .init(), from: try #require(IPAddress(address)),
            on: MultiThreadedEventLoopGroup.singleton.next())
    }

    private func isAdmitted(_ keys: [String], _ headers: HTTPHeaders, from address: String = "127.0.0.1") throws -> Bool
    {
        let request = try request(headers, from: address)
        do { try APIKeys(keys.map { Secret($0) }).check(request) } catch { return false }
        return true
    }

    @Test(
        arguments: [
            (["authorization": "Bearer old-key-0123456789"], true),
            (["authorization": "bearer   new-key-0123456789"], true),
            (["x-api-key": "new-key-0123456789"], true),
            (["x-api-key": "new-key-012345678"], false),
            (["x-api-key": "new-key-0123456789 "], false),
            (["x-api-key": ""], false),
            (["authorization": "Basic new-key-0123456789"], false),
            (["authorization": "Bearer"], false),
            ([:], false),
        ] as [([String: String], Bool)])
    func admitsEitherOfTwoKeysAndNothingElse(_ headers: [String: String], _ isGood: Bool) throws {
        let keys = ["old-key-0123456789", "new-key-0123456789"]
        #expect(try isAdmitted(keys, HTTPHeaders(headers.map { ($0.key, $0.value) }), from: "203.0.113.7") == isGood)
    }

    @Test(
        arguments: [
            (["host": "localhost:8080"], "127.0.0.1", true),
            (["host": "[::1]:8080"], "::1", true),
            (["host": "localhost", "origin": "http://localhost:8080"], "127.0.0.1", true),
            (["host": "localhost", "origin": "https://evil.example"], "127.0.0.1", false),
            (["host": "localhost", "origin": "null"], "127.0.0.1", false),
            (["host": "rebound.example"], "127.0.0.1", false),
            (["host": "localhost", "x-forwarded-for": "127.0.0.1"], "127.0.0.1", false),
            (["host": "localhost", "via": "1.1 tunnel"], "127.0.0.1", false),
            (["host": "localhost"], "192.168.1.2", false),
        ] as [([String: String], String, Bool)])
    func withoutKeysAdmitsProgramsOnThisMachineAlone(
        _ headers: [String: String], _ address: String, _ isGood: Bool
    ) throws {
        #expect(try isAdmitted([], HTTPHeaders(headers.map { ($0.key, $0.value) }), from: address) == isGood)
    }

    @Test func answersOverTheWire() async throws {
        var settings = PipelineServer()
        settings.apiKeys = [Secret("the-key-0123456789")]
        try await TestServer.run(settings) { server async throws in
            let refused = try await server.get("/private")
            #expect(refused.hasPrefix("HTTP/1.1 401 "))
            #expect(refused.contains("www-authenticate: Bearer\r\n"))
            #expect(try await server.get("/private", "x-api-key: the-key-0123456789\r\n").hasSuffix("secret"))
        }
    }
}
