// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

/// A page of the web that has its name resolved to this machine gets nothing from it.
@Suite struct AllowedHostsTests {
    private func isRefused(_ authority: String, _ change: (inout PipelineServer) -> Void = { _ in }) -> Bool {
        var settings = PipelineServer()
        change(&settings)
        do { try AllowedHosts(settings).check(authority) } catch { return error.status == .misdirectedRequest }
        return false
    }

    @Test func knowsAddressesAndLocalhost() {
        for authority in ["localhost", "LocalHost:8080", "127.0.0.1:8080", "10.1.2.3", "[::1]:8080", "[fe80::1]"] {
            #expect(!isRefused(authority), "\(authority)")
        }
        for authority in [
            "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "127.1",
            "[evil]:80",
            "localhost.", "2130706433", ":8080", "[127.0.0.1.evil.example]",
        ] {
            #expect(isRefused(authority), "\(authority)")
        }
    }

    @Test func knowsThePublicNameAndThoseThatAreListed() {
        let named: (inout PipelineServer) -> Void = {
            $0.publicURL = PublicURL("https://Voice.example.com:8443/desk")
            $0.allowedHosts = ["Backend", "desk.internal"]
        }
        for authority in ["voice.example.com", "voice.example.com:8443", "backend:8000", "desk.internal", "localhost"] {
            #expect(!isRefused(authority, named), "\(authority)")
        }
        for authority in ["example.com", "x.voice.example.com", "internal"] {
            #expect(isRefused(authority, named), "\(authority)")
        }
    }

    @Test func leavesNamesToTheCertificateWhereThereIsOne() {
        #expect(!isRefused("voice.example.com") { $0.tls = PipelineServer.TLS() })
    }

    @Test func refusesPagesAndWebSocketsAlike() async throws {
        try await TestServer.run { server async throws in
            let page = try await server.exchange("GET /hello HTTP/1.1\r\nhost: evil.example:80\r\n\r\n")
            #expect(page.hasPrefix("HTTP/1.1 421 "))
            #expect(
                page.contains("this server does not go by the name 'evil.example'; set server.public_url, or name it"))
            let socket = CallServerTests.upgrade("/echo").replacing("localhost", with: "evil.example")
            #expect(try await server.exchange(socket).hasPrefix("HTTP/1.1 421 "))
            #expect(server.refusals("http_421") == 2)
        }
    }

    /// What the client asked a trusted proxy for counts, and by which name the proxy asks does not.
    @Test func believesATrustedProxyOnly() async throws {
        var settings = TestServer.unhurried
        settings.publicURL = PublicURL("https://voice.example.com")
        settings.trustedProxies = try [#require(AddressRange("127.0.0.2"))]
        func get(_ host: String, _ forwarded: String) -> String {
            "GET /hello HTTP/1.1\r\nhost: \(host)\r\nx-forwarded-host: \(forwarded)\r\nconnection: close\r\n\r\n"
        }
        try await TestServer.run(settings) { server async throws in
            let cases: [(host: String, forwarded: String, from: String, status: Int)] = [
                ("backend:8000", "voice.example.com", "127.0.0.2", 200),
                ("localhost", "evil.example", "127.0.0.2", 421),
                ("backend:8000", "voice.example.com", "127.0.0.3", 421),
                ("voice.example.com", "evil.example", "127.0.0.3", 200),
            ]
            for (host, forwarded, from, status) in cases {
                let answer = try await server.exchange(get(host, forwarded), from: from)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(host) \(forwarded) \(from): \(answer)")
            }
        }
    }

    @Test func aListedNameHasNeitherSchemeNorPort() {
        var diagnostics = Diagnostics()
        let node = YAMLReader().read(
            "allowed_hosts: [backend, 'backend:80', 'http://a']", file: "a.yaml", into: &diagnostics)
        _ = PipelineServer.decode(node, path: "server", at: SourceMark(file: "a.yaml"), into: &diagnostics)
        #expect(
            diagnostics.all.map(\.message) == [
                "'backend:80' is no name of a host; write it without scheme and port",
                "'http://a' is no name of a host; write it without scheme and port",
            ])
    }
}
