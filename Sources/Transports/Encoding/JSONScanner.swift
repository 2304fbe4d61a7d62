// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Walks over a JSON text and hands out what is asked for, without building a tree; for messages that come often.
///
/// What nobody asks for is passed over with a look at brackets and quotation marks alone. Never traps.
struct JSONScanner {
    /// A string's bytes between the quotation marks.
    struct Text {
        let bytes: UnsafeRawBufferPointer
        /// Whether some of the bytes are escapes.
        let isEscaped: Bool

        /// Whether the text is `other`; a text with escapes never is.
        static func == (text: Text, other: StaticString) -> Bool {
            text.bytes.elementsEqual(UnsafeRawBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
        }

        /// The text as a string.
        var string: String? {
            guard isEscaped else { return String(decoding: bytes, as: UTF8.self) }
            return (try? JSONValue(parsing: [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]))?.string
        }
    }

    private static let delimiters = Array("{}[],:\" \n\r\t".utf8)

    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    /// Begins at the first byte; `bytes` must stay valid for as long as the scanner and what it hands out.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private func error(_ message: String) -> JSONError { JSONError(message: message, offset: index) }

    /// The next byte that is no white space.
    private mutating func peek() -> UInt8? {
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            index += 1
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        index += 1
        return true
    }

    /// Calls `body` for each member of the object that begins here; `body` takes the value, whatever it is.
    mutating func object(
        _ body: (Text, inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard take(UInt8(ascii: "{")) else { throw error("an object is expected") }
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let key = try text()
            guard take(UInt8(ascii: ":")) else { throw error("a ':' is expected") }
            try body(key, &self)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("a ',' or '}' is expected") }
    }

    /// Nothing but white space may follow.
    mutating func end() throws(JSONError) {
        guard peek() == nil else { throw error("more follows after the value") }
    }

    /// Takes a string.
    mutating func text() throws(JSONError) -> Text {
        guard take(UInt8(ascii: "\"")) else { throw error("a string is expected") }
        let start = index
        var isEscaped = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return Text(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<index - 1]), isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                index += 2
            default: index += 1
            }
        }
        index = bytes.count
        throw error("a string is not closed")
    }

    /// Takes a whole number, as a number or as the text of one; `nil` for any other value.
    mutating func wholeNumber() throws(JSONError) -> Int? {
        if peek() == UInt8(ascii: "\"") { return Int(try text().string ?? "") }
        return Int(String(decoding: try value(), as: UTF8.self))
    }

    /// Takes any value and gives its bytes.
    @discardableResult
    mutating func value() throws(JSONError) -> UnsafeRawBufferPointer {
        _ = peek()
        let start = index
        var depth = 0
        repeat {
            switch peek() {
            case UInt8(ascii: "\""): _ = try text()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}") where depth > 0, UInt8(ascii: "]") where depth > 0:
                depth -= 1
                index += 1
            case UInt8(ascii: ",") where depth > 0, UInt8(ascii: ":") where depth > 0: index += 1
            case nil, UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"):
                throw error("a value is expected")
            default: skipWord()
            }
        } while depth > 0
        return UnsafeRawBufferPointer(rebasing: bytes[start..<index])
    }

    private mutating func skipWord() {
        while index < bytes.count, !Self.delimiters.contains(bytes[index]) { index += 1 }
    }
}
