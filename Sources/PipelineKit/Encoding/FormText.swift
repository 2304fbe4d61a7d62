// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Fields as `application/x-www-form-urlencoded`, in their order.
package struct FormText {
    /// The text.
    package private(set) var text = ""

    /// Creates a form without fields.
    package init() {}

    /// Adds a field.
    package mutating func add(_ name: String, _ value: String) {
        if !text.isEmpty { text += "&" }
        text += Self.encoded(name) + "=" + Self.encoded(value)
    }

    /// Adds a field that has a value.
    package mutating func add(_ name: String, _ value: String?) {
        if let value { add(name, value) }
    }

    /// A text whose bytes are percent-encoded, but for letters, digits and `-._~`: good in a form and in an address.
    package static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
