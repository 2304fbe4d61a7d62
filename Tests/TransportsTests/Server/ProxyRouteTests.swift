// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import PipelineKit
import Testing

@testable import Transports

@Suite struct ProxyRouteTests {
    private func route(_ headers: [(String, String)], from peer: String) throws -> ProxyRoute {
        let trusted = try ["10.0.0.0/8", "2001:db8::1"].map { try #require(AddressRange($0)) }
        return ProxyRoute(HTTPHeaders(headers), peer: try #require(IPAddress(peer)), trusted: trusted)
    }

    @Test(
        arguments: [
            ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            ("2001:db8::1", ["2001:db8::9"], "2001:db8::9"),
            // What the client claims stands to the left, and is not believed.
            ("10.0.0.1", ["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
            ("10.0.0.1", ["1.1.1.1, 203.0.113.7, 10.2.3.4"], "203.0.113.7"),
            ("10.0.0.1", ["1.1.1.1", "203.0.113.7"], "203.0.113.7"),
            ("10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
            ("10.0.0.1", ["[2001:db8::9]:4711"], "2001:db8::9"),
            ("10.0.0.1", ["203.0.113.7, junk"], "10.0.0.1"),
            ("10.0.0.1", [], "10.0.0.1"),
            ("203.0.113.1", ["1.1.1.1"], "203.0.113.1"),
        ] as [(String, [String], String)])
    func findsTheClientBehindTrustedProxies(_ peer: String, _ forwarded: [String], _ client: String) throws {
        let route = try route(forwarded.map { ("x-forwarded-for", $0) }, from: peer)
        #expect(route.client == IPAddress(client))
        #expect(route.isForwarded == !forwarded.isEmpty)
    }

    @Test func believesSchemeAndHostOfTrustedProxiesAlone() throws {
        let headers = [("x-forwarded-proto", "http, https"), ("x-forwarded-host", "voice.example.com")]
        let trusted = try route(headers, from: "10.0.0.1")
        #expect(trusted.isSecure == true)
        #expect(trusted.host == "voice.example.com")
        let other = try route(headers, from: "203.0.113.1")
        #expect(other.isSecure == nil)
        #expect(other.host == nil)
        #expect(try route([("x-forwarded-host", "evil/\u{7F}")], from: "10.0.0.1").host == nil)
    }

    @Test func theSettingsKnowTheAddressBetterThanAnyHeader() throws {
        var settings = PipelineServer()
        settings.publicURL = PublicURL("https://voice.example.com/agent/")
        settings.trustedProxies = [try #require(AddressRange("10.0.0.0/8"))]
        let head = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: "/voice?a=b%20c",
            headers: ["host": "inner:8080", "x-forwarded-host": "other.example", "x-forwarded-for": "203.0.113.7"])
        let request = RequestReader(settings).request(
            head, body: .init(), from: try #require(IPAddress("10.0.0.1")),
            on: MultiThreadedEventLoopGroup.singleton.next())
        #expect(request.publicURL == "https://voice.example.com/agent/voice?a=b%20c")
        #expect(request.clientAddress == IPAddress("203.0.113.7"))
        #expect(request.query["a"] == "b c")
    }
}
