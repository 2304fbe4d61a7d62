// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import NIOSSL
import PipelineKit
import Synchronization

/// The certificate that a server shows, read again when its files change, as after a renewal by certbot.
///
/// The files are looked at when a connection comes and the last look was more than ``interval`` ago, by a thread that may
/// wait for the disk; that connection still gets the certificate that was there. Files that make no good pair, as while
/// one of them has been replaced and the other has not, are reported once, and the certificate stays.
final class LiveCertificate: Sendable {
    /// The least time between two looks at the files.
    static let interval = TimeAmount.seconds(5)

    private struct State {
        var context: NIOSSLContext
        /// What was read, or tried, last.
        var stamps: [FileStamp?]
        var nextLook: NIODeadline
    }

    private let files: PipelineServer.TLS
    private let log: Logger
    private let state: Mutex<State>

    /// Reads the files.
    ///
    /// - Throws: ``CallServerError``.
    init(_ files: PipelineServer.TLS, log: Logger, now: NIODeadline = .now()) throws {
        self.files = files
        self.log = log
        let stamps = Self.stamps(files)
        state = Mutex(
            State(context: try ServerCertificate.context(files), stamps: stamps, nextLook: now + Self.interval))
    }

    /// What a new connection is encrypted with.
    func context(at now: NIODeadline = .now()) -> NIOSSLContext {
        let (context, isDue) = state.withLock { state in
            let isDue = now >= state.nextLook
            if isDue { state.nextLook = now + Self.interval }
            return (state.context, isDue)
        }
        if isDue { NIOThreadPool.singleton.submit { [self] _ in look() } }
        return context
    }

    /// Reads the files again if they are not those that were read; waits for the disk.
    func look() {
        // Taken before the files are read: what changes meanwhile is read the next time.
        let stamps = Self.stamps(files)
        guard state.withLock({ $0.stamps != stamps }) else { return }
        let result = Result { try ServerCertificate.context(files) }
        state.withLock { state in
            state.stamps = stamps
            if case .success(let context) = result { state.context = context }
        }
        switch result {
        case .success: log.notice("the certificate was read again", metadata: ["file": "\(files.certificate.path)"])
        case .failure(let error):
            log.error("the new certificate cannot be used; the old one stays", metadata: ["reason": "\(error)"])
        }
    }

    private static func stamps(_ files: PipelineServer.TLS) -> [FileStamp?] {
        [files.certificate, files.key].map { FileStamp(path: $0.resolved) }
    }
}
