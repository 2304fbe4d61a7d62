// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Keeps what is logged, a line for each message with its metadata in order.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    /// A logger that logs here.
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    /// What was logged.
    var all: [String] { lines.withLock(\.self) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            lines.lines.withLock { $0.append("\(event.level) \(event.message)\(metadata)") }
        }
    }
}

extension Logger {
    /// A logger that says nothing.
    static var silent: Logger { Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() } }
}
