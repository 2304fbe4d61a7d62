// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Reads a document of XML 1.0 without a document type: elements, attributes, text, CDATA, comments, character references.
///
/// Bounded in size, depth and number of elements; nothing outside the document is ever read.
struct XMLReader {
    /// What a document may cost.
    struct Limits: Sendable {
        /// Bytes of the document.
        var bytes = 64 * 1024
        /// Elements within elements.
        var depth = 16
        /// Elements together.
        var elements = 2000
        /// Attributes of an element.
        var attributes = 100

        /// The defaults.
        init() {}
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var index = 0
    private var elementCount = 0

    private init(_ bytes: [UInt8], _ limits: Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The root of a document.
    ///
    /// - Throws: ``XMLError``.
    static func read(_ bytes: [UInt8], limits: Limits = Limits()) throws(XMLError) -> XMLElement {
        guard bytes.count <= limits.bytes else {
            throw XMLError(
                message: "the document has \(bytes.count) bytes; at most \(limits.bytes) are read", offset: 0)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw XMLError(message: "the document is not valid UTF-8", offset: 0)
        }
        var reader = XMLReader(bytes, limits)
        return try reader.document()
    }

    // MARK: Document

    private mutating func document() throws(XMLError) -> XMLElement {
        _ = take("\u{FEFF}")
        if starts("<?xml") { try skip(past: "?>") }
        try skipMiscellany()
        guard peek == UInt8(ascii: "<") else { throw error("an element is expected") }
        let root = try element(depth: 1)
        try skipMiscellany()
        guard peek == nil else { throw error("more follows after the root element") }
        return root
    }

    private mutating func skipMiscellany() throws(XMLError) {
        while true {
            skipSpace()
            if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!") {
                throw error("a document type is not accepted")
            } else {
                return
            }
        }
    }

    private mutating func element(depth: Int) throws(XMLError) -> XMLElement {
        guard depth <= limits.depth else { throw error("elements are nested more than \(limits.depth) deep") }
        elementCount += 1
        guard elementCount <= limits.elements else { throw error("there are more than \(limits.elements) elements") }
        index += 1
        var element = XMLElement(name: try name())
        try attributes(of: &element)
        if take("/>") { return element }
        guard take(">") else { throw error("'>' is expected") }
        while !starts("</") { try child(of: &element, depth) }
        index += 2
        guard try name() == element.name else { throw error("the end tag of '\(element.name)' is expected") }
        skipSpace()
        guard take(">") else { throw error("'>' is expected") }
        return element
    }

    private mutating func attributes(of element: inout XMLElement) throws(XMLError) {
        while true {
            let isSpaced = skipSpace()
            guard let byte = peek, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else { return }
            guard isSpaced else { throw error("white space is expected before an attribute") }
            let name = try name()
            skipSpace()
            guard take("=") else { throw error("'=' is expected after '\(name)'") }
            skipSpace()
            guard element[name] == nil else { throw error("the attribute '\(name)' is there twice") }
            guard element.attributes.count < limits.attributes else { throw error("there are too many attributes") }
            element.attributes.append(FormField(name, try attributeValue()))
        }
    }

    private mutating func attributeValue() throws(XMLError) -> String {
        guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw error("a value in quotes is expected")
        }
        index += 1
        let value = try text { $0 == quote }
        index += 1
        return value
    }

    private mutating func child(of element: inout XMLElement, _ depth: Int) throws(XMLError) {
        if starts("<!--") { return try skip(past: "-->") }
        if starts("<![CDATA[") {
            let start = index + 9
            try skip(past: "]]>")
            return element.children.append(.text(String(decoding: bytes[start..<index - 3], as: UTF8.self)))
        }
        if starts("<?") { return try skip(past: "?>") }
        if peek == UInt8(ascii: "<") { return element.children.append(.element(try self.element(depth: depth + 1))) }
        element.children.append(.text(try text { $0 == UInt8(ascii: "<") }))
    }

    // MARK: Text

    private mutating func text(until isEnd: (UInt8) -> Bool) throws(XMLError) -> String {
        var text: [UInt8] = []
        while let byte = peek {
            if isEnd(byte) { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "<") { throw error("'<' must be written as '&lt;'") }
            guard byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else {
                throw error("a control character is not allowed")
            }
            if byte == UInt8(ascii: "&") {
                text.append(contentsOf: String(try reference()).utf8)
            } else {
                text.append(byte)
                index += 1
            }
        }
        throw error("the document ends too early")
    }

    private mutating func reference() throws(XMLError) -> Character {
        let end = bytes[index...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
        guard let end else { throw error("'&' must be written as '&amp;'") }
        let name = String(decoding: bytes[index + 1..<end], as: UTF8.self)
        guard let character = Self.character(name) else { throw error("the reference '&\(name);' is unknown") }
        index = end + 1
        return character
    }

    private static func character(_ name: String) -> Character? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            // XML 1.0, section 2.2: not every code point is a character.
            guard let value, value >= 0x20 || [0x09, 0x0A, 0x0D].contains(value) else { return nil }
            return Unicode.Scalar(value).map { Character($0) }
        }
    }

    private mutating func name() throws(XMLError) -> String {
        let start = index
        while let byte = peek, Self.isNameByte(byte, isFirst: index == start) { index += 1 }
        guard index > start, index - start <= 200 else { throw error("a name is expected") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: ":"), 0x80...0xFF:
            true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): !isFirst
        default: false
        }
    }

    // MARK: Bytes

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - index >= count else { return false }
        return (0..<count).allSatisfy { bytes[index + $0] == text.utf8Start[$0] }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard starts(text) else { return false }
        index += text.utf8CodeUnitCount
        return true
    }

    private mutating func skip(past text: StaticString) throws(XMLError) {
        while index < bytes.count {
            if take(text) { return }
            index += 1
        }
        throw error("the document ends where '\(text)' is expected")
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = index
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
        return index > start
    }

    private func error(_ message: String) -> XMLError { XMLError(message: message, offset: index) }
}
