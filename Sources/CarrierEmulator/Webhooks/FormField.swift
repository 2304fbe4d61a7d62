// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A name and a value of a form; names may occur more than once, and order counts.
public struct FormField: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: String

    /// Creates a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [FormField] {
    /// The first value of a name.
    public subscript(name: String) -> String? { first { $0.name == name }?.value }

    /// The fields as `application/x-www-form-urlencoded`, in UTF-8.
    var urlEncoded: String {
        map { "\($0.name.formEncoded)=\($0.value.formEncoded)" }.joined(separator: "&")
    }

    /// Reads `application/x-www-form-urlencoded`; what is not valid is taken as it stands.
    init(urlEncoded text: some StringProtocol) {
        self = text.split(separator: "&", maxSplits: 1000).prefix(1000).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return FormField(String(parts[0]).formDecoded, parts.count > 1 ? String(parts[1]).formDecoded : "")
        }
    }
}

extension String {
    fileprivate var formEncoded: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "*"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: " "): text += "+"
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return text
    }

    fileprivate var formDecoded: String {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
