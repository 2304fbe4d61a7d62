// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CallRecords
import Glibc
import PipelineKit

/// The one place that prints.
///
/// Results go to standard output, so that they can be piped; what concerns the run itself, problems and progress, goes to
/// standard error. Colours are used on a terminal only, and not where `NO_COLOR` is set.
final class Output: Sendable {
    /// Where a text goes.
    enum Channel: Int32 {
        case result = 1
        case report = 2
    }

    private let sink: @Sendable (Channel, String) -> Void
    /// Whether results are read on a terminal.
    let isTerminal: Bool
    /// Whether styles are shown.
    let usesColour: Bool

    /// Creates an output.
    init(isTerminal: Bool, usesColour: Bool, sink: @escaping @Sendable (Channel, String) -> Void) {
        self.isTerminal = isTerminal
        self.usesColour = usesColour
        self.sink = sink
    }

    /// The process's own.
    static let standard: Output = {
        let isTerminal = isatty(1) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
        let usesColour = isTerminal && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
        return Output(isTerminal: isTerminal, usesColour: usesColour) { channel, text in
            writeAll(text, to: channel.rawValue)
        }
    }()

    /// Prints text as it is.
    func write(_ text: String) { sink(.result, text) }
    /// Prints a line.
    func line(_ text: String = "") { sink(.result, text + "\n") }
    /// Prints a line about the run.
    func note(_ text: String) { sink(.report, text + "\n") }
    /// Prints a value on one line.
    func json(_ value: JSONValue) { line(value.description) }

    /// Prints what went wrong.
    func error(_ text: String) { sink(.report, text.hasSuffix("\n") ? text : text + "\n") }

    /// The text in a style, where styles are shown.
    func styled(_ text: String, _ style: TextStyle) -> String {
        usesColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Columns of the terminal; 100 elsewhere.
    var width: Int {
        var size = winsize()
        guard isTerminal, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else { return 100 }
        return Int(size.ws_col)
    }

    /// This output with secrets as `***`, also as JSON writes them.
    func hiding(_ secrets: [String]) -> Output {
        let quoted = secrets.map { String(JSONValue.string($0).description.dropFirst().dropLast()) }
        let redactor = Redactor(secrets: secrets + quoted)
        return Output(isTerminal: isTerminal, usesColour: usesColour) { [sink] channel, text in
            sink(channel, redactor.redact(text))
        }
    }

    private static func writeAll(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count > 0 { written += count } else if errno != EINTR && errno != EAGAIN { return }
            }
        }
    }
}

/// How a text stands out; the numbers are those of ECMA-48 (SGR).
enum TextStyle: Int {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case cyan = 36
}
