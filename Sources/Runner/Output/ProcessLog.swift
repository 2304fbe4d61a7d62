// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CallRecords
import Logging
import PipelineKit
import Synchronization

/// What the parts of the process log, as lines on standard error; secrets of the pipelines are hidden.
///
///     2026-11-21T15:04:05.123Z warning server: the new certificate is not used (reason: 'cert.pem' holds no certificate)
final class ProcessLog: Sendable {
    /// That of the process.
    static let shared = ProcessLog(.standard)

    private struct State {
        var secrets: [String] = []
        var redactor = Redactor()
    }

    private let output: Output
    private let now: @Sendable () -> WallTime
    private let state = Mutex(State())

    /// Creates a log that hides nothing yet.
    init(_ output: Output, now: @escaping @Sendable () -> WallTime = { .now() }) {
        self.output = output
        self.now = now
    }

    /// Makes this the log of every library in the process, which takes one in its life.
    func install() {
        LoggingSystem.bootstrap { [self] label in ProcessLogHandler(label, self) }
    }

    /// Hides secrets from now on.
    func hide(_ secrets: [String]) {
        state.withLock { state in
            state.secrets += secrets
            state.redactor = Redactor(secrets: state.secrets)
        }
    }

    /// Writes a line.
    func write(_ level: Logger.Level, _ label: String, _ text: String, _ metadata: Logger.Metadata) {
        // What was said, dialled or prompted is nobody's to read here; see the style of metadata.
        let shown = metadata.filter { !$0.key.hasPrefix("pii.") }.sorted { $0.key < $1.key }
        let details = shown.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        let line = "\(now().text) \(level) \(label): \(text)" + (details.isEmpty ? "" : " (\(details))")
        let redactor = state.withLock(\.redactor)
        output.note(redactor.redact(Self.onOneLine(line)))
    }

    /// The text without what would begin a new line or move a terminal's cursor.
    private static func onOneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}

/// Hands what one logger says to the log of the process.
struct ProcessLogHandler: LogHandler {
    var metadata = Logger.Metadata()
    var logLevel = Logger.Level.info
    private let label: String
    private let log: ProcessLog

    /// Creates the handler of a logger.
    init(_ label: String, _ log: ProcessLog) {
        self.label = label
        self.log = log
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let metadata = metadata.merging(event.metadata ?? [:]) { _, new in new }
        log.write(event.level, label, "\(event.message)", metadata)
    }
}
