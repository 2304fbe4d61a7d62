// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The base64 of RFC 4648, section 4: padded, without line breaks, nothing else accepted.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    /// The text of some bytes.
    static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var count = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            count += 1
            guard count == 3 else { continue }
            append(group, sextets: 4, to: &text)
            (group, count) = (0, 0)
        }
        if count > 0 { append(group << UInt32(8 * (3 - count)), sextets: count + 1, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ group: UInt32, sextets: Int, to text: inout [UInt8]) {
        for index in 0..<4 {
            text.append(
                index < sextets ? alphabet[Int(group >> UInt32(18 - 6 * index) & 0x3F)] : UInt8(ascii: "="))
        }
    }

    /// The bytes of a text; `nil` if it is not base64.
    static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode($0) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        guard let last = text.last else { return [] }
        let padding = last != UInt8(ascii: "=") ? 0 : text[text.count - 2] != UInt8(ascii: "=") ? 1 : 2
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for index in 0..<text.count {
            let value = index < text.count - padding ? values[Int(text[index])] : 0
            guard value != 0xFF else { return nil }
            group = group << 6 | UInt32(value)
            guard index & 3 == 3 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            bytes.append(UInt8(truncatingIfNeeded: group >> 8))
            bytes.append(UInt8(truncatingIfNeeded: group))
            group = 0
        }
        // RFC 4648, section 3.5: the bits that nothing is made of must be zero.
        let isCanonical = bytes.suffix(padding).allSatisfy { $0 == 0 }
        return isCanonical ? bytes.dropLast(padding) : nil
    }
}
