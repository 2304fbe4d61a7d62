// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOSSL
import PipelineKit

/// Reads the certificate and key of a server, and says which file is at fault.
enum ServerCertificate {
    /// What connections are encrypted with.
    ///
    /// - Throws: ``CallServerError``.
    static func context(_ files: PipelineServer.TLS) throws -> NIOSSLContext {
        let certificates = try certificates(files.certificate)
        let key = try key(files.key)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw CallServerError(
                "the key '\(files.key.path)' does not belong to the first certificate in '\(files.certificate.path)'; "
                    + "see server.tls (\(error))")
        }
    }

    private static func certificates(_ file: FileReference) throws -> [NIOSSLCertificate] {
        let bytes = try read(file, "certificate")
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw CallServerError(
                "'\(file.path)' holds no certificate in PEM form ('-----BEGIN CERTIFICATE-----'); see server.tls")
        }
        return certificates
    }

    private static func key(_ file: FileReference) throws -> NIOSSLPrivateKey {
        let bytes = try read(file, "key")
        guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
            throw CallServerError(
                "'\(file.path)' holds no private key in PEM form, or one with a passphrase; see server.tls")
        }
        return key
    }

    private static func read(_ file: FileReference, _ what: String) throws -> [UInt8] {
        do {
            return try SourceFile.read(path: file.resolved, limit: 1 << 20)
        } catch {
            throw CallServerError("cannot read the \(what) '\(file.path)': \(error.message); see server.tls")
        }
    }
}
