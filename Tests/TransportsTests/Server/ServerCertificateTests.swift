// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOSSL
import PipelineKit
import Testing
import WebSockets

@testable import Transports

@Suite struct ServerCertificateTests {
    static func file(_ name: String) -> FileReference {
        let directory = #filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex)
        return FileReference("\(directory)/Certificates/\(name)")
    }

    private static func files(_ certificate: String, _ key: String) -> PipelineServer.TLS {
        var files = PipelineServer.TLS()
        files.certificate = file(certificate)
        files.key = file(key)
        return files
    }

    @Test func speaksEncrypted() async throws {
        var settings = PipelineServer()
        settings.tls = Self.files("certificate.pem", "key.pem")
        try await TestServer.run(settings) { server async throws in
            var trust = TLSConfiguration.makeClientConfiguration()
            trust.trustRoots = .file(Self.file("certificate.pem").resolved)
            let handler = RecordingHandler()
            let socket = try await WebSocketClient.connect(
                url: "wss://localhost:\(server.server.port)/echo", tls: trust, on: server.loops.eventLoopGroup
            ) { _ in handler }
            socket.eventLoop.execute { socket.send(text: "sealed") }
            #expect(await handler.next() == .text("sealed"))
            #expect(server.server.url == "https://127.0.0.1:\(server.server.port)")
            #expect(try await server.get("/hello") == "")
        }
    }

    @Test func isNotTrustedByAClientThatDoesNotKnowIt() async throws {
        var settings = PipelineServer()
        settings.tls = Self.files("certificate.pem", "key.pem")
        try await TestServer.run(settings) { server async throws in
            let error = await #expect(throws: WebSocketError.self) {
                try await WebSocketClient.connect(
                    url: "wss://localhost:\(server.server.port)/echo", on: server.loops.eventLoopGroup
                ) { _ in RecordingHandler() }
            }
            #expect(error?.code == .notReachable)
        }
    }

    @Test(arguments: [
        ("nowhere.pem", "key.pem", "cannot read the certificate"),
        ("certificate.pem", "nowhere.pem", "cannot read the key"),
        ("key.pem", "key.pem", "holds no certificate in PEM form"),
        ("certificate.pem", "certificate.pem", "holds no private key in PEM form"),
        ("certificate.pem", "other_key.pem", "does not belong to the first certificate"),
    ])
    func saysWhichFileIsAtFault(_ certificate: String, _ key: String, _ message: String) {
        let error = #expect(throws: CallServerError.self) {
            try ServerCertificate.context(Self.files(certificate, key))
        }
        #expect(error?.description.contains(message) == true)
        #expect(error?.description.contains("server.tls") == true)
    }
}
