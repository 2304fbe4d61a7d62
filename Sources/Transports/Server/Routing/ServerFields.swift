// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Names and values in the order in which they were sent, duplicates included: a query or a form.
///
/// - SeeAlso: WHATWG URL, `application/x-www-form-urlencoded`.
public struct ServerFields: Sendable, Equatable, Sequence {
    /// A name and its value.
    public struct Field: Sendable, Equatable {
        /// The name.
        public var name: String
        /// The value; empty when there is none.
        public var value: String

        /// Creates a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All of them.
    public var fields: [Field]

    /// Creates fields.
    public init(_ fields: [Field] = []) { self.fields = fields }

    /// Reads `a=1&b=%20+`; what is not percent-encoded as it should be stays as it is.
    public init(encoded text: some Sequence<UInt8>) {
        fields = Array(text).split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return Field(Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
        }
    }

    /// Reads a form.
    init(_ body: ByteBuffer) { self.init(encoded: body.readableBytesView) }

    /// The first value of a name.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        PercentEncoding.decoded(bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
    }
}

/// The `%41` of addresses and forms.
enum PercentEncoding {
    /// The text with every `%XX` replaced by its byte; anything else stays, and what is then not UTF-8 is repaired.
    static func decoded(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        guard bytes.contains(UInt8(ascii: "%")) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
