// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOSSL
import PipelineKit
import PipelineTesting
import Testing
import WebSockets

@testable import Transports

/// A certificate is renewed while the server runs.
@Suite struct LiveCertificateTests {
    private let directory: TemporaryDirectory
    private let lines = LogLines()

    init() throws {
        directory = try TemporaryDirectory()
        try place("certificate.pem", "key.pem")
    }

    /// Puts fixtures where the server looks, as certbot does: a link is made anew and takes the old one's place.
    private func place(_ certificate: String, _ key: String) throws {
        for (name, target) in [("fullchain.pem", certificate), ("privkey.pem", key)] {
            let new = directory.path("new.pem")
            try #require(symlink(ServerCertificateTests.file(target).resolved, new) == 0)
            try #require(rename(new, directory.path(name)) == 0)
        }
    }

    private var files: PipelineServer.TLS {
        var files = PipelineServer.TLS()
        files.certificate = FileReference(directory.path("fullchain.pem"))
        files.key = FileReference(directory.path("privkey.pem"))
        return files
    }

    @Test func readsFilesAgainThatHaveChanged() throws {
        let certificate = try LiveCertificate(files, log: lines.logger)
        let first = certificate.context()
        certificate.look()
        #expect(certificate.context() === first)
        try place("renewed_certificate.pem", "other_key.pem")
        certificate.look()
        let second = certificate.context()
        #expect(second !== first)
        certificate.look()
        #expect(certificate.context() === second)
        #expect(lines.all == ["notice the certificate was read again file=\(directory.path("fullchain.pem"))"])
    }

    @Test func keepsTheOldOneWhileTheNewOneIsBad() throws {
        let certificate = try LiveCertificate(files, log: lines.logger)
        let first = certificate.context()
        // One file has been replaced, the other not yet.
        try place("renewed_certificate.pem", "key.pem")
        for _ in 0..<3 { certificate.look() }
        #expect(certificate.context() === first)
        #expect(lines.all.count == 1)
        #expect(
            lines.all[0].hasPrefix("error the new certificate cannot be used; the old one stays reason=the key '"))
        try place("renewed_certificate.pem", "other_key.pem")
        certificate.look()
        let second = certificate.context()
        #expect(second !== first)
        unlink(directory.path("privkey.pem"))
        certificate.look()
        #expect(certificate.context() === second)
        #expect(lines.all.count == 3 && lines.all[2].contains("reason=cannot read the key '"))
    }

    @Test func looksNoMoreOftenThanEveryFewSeconds() async throws {
        let certificate = try LiveCertificate(files, log: lines.logger, now: .uptimeNanoseconds(0))
        let first = certificate.context(at: .uptimeNanoseconds(0))
        try place("renewed_certificate.pem", "other_key.pem")
        #expect(certificate.context(at: .uptimeNanoseconds(4_999_999_999)) === first)
        #expect(certificate.context(at: .uptimeNanoseconds(5_000_000_000)) === first)
        // Another thread is looking now; asking in the past does not make it look again.
        while lines.all.isEmpty { await Task.yield() }
        #expect(certificate.context(at: .uptimeNanoseconds(0)) !== first)
        #expect(lines.all.count == 1)
    }

    @Test func newConnectionsSeeTheNewCertificateAndOldOnesGoOn() async throws {
        var settings = TestServer.unhurried
        settings.tls = files
        try await TestServer.run(settings) { server async throws in
            func connect(trusting root: String, _ handler: RecordingHandler) async throws -> WebSocket {
                var trust = TLSConfiguration.makeClientConfiguration()
                trust.trustRoots = .file(ServerCertificateTests.file(root).resolved)
                return try await WebSocketClient.connect(
                    url: "wss://localhost:\(server.server.port)/echo", tls: trust, on: server.loops.eventLoopGroup
                ) { _ in handler }
            }
            let (old, new) = (RecordingHandler(), RecordingHandler())
            let socket = try await connect(trusting: "certificate.pem", old)
            try place("renewed_certificate.pem", "other_key.pem")
            server.server.certificate?.look()
            let renewed = try await connect(trusting: "renewed_certificate.pem", new)
            for (socket, handler) in [(socket, old), (renewed, new)] {
                socket.eventLoop.execute { socket.send(text: "sealed") }
                #expect(await handler.next() == .text("sealed"))
            }
        }
    }
}
