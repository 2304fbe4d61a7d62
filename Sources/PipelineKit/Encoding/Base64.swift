// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The base64 of RFC 4648, section 4: the usual alphabet, padded, without line breaks.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let invalid: UInt8 = 0xFF
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    /// Bytes of the text of `count` bytes.
    package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Writes the text of `source` to `target`, which has room for it.
    package static func encode(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
        precondition(target.count >= encodedCount(source.count), "the target has no room for the text")
        alphabet.withUnsafeBufferPointer { alphabet in
            var output = 0
            for input in stride(from: 0, to: source.count, by: 3) {
                let rest = source.count - input
                let group =
                    UInt32(source[input]) << 16 | (rest > 1 ? UInt32(source[input + 1]) << 8 : 0)
                    | (rest > 2 ? UInt32(source[input + 2]) : 0)
                target[output] = alphabet[Int(group >> 18)]
                target[output + 1] = alphabet[Int(group >> 12 & 63)]
                target[output + 2] = rest > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "=")
                target[output + 3] = rest > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "=")
                output += 4
            }
        }
    }

    /// The text of some bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        let count = encodedCount(bytes.count)
        return String(unsafeUninitializedCapacity: count) { target in
            bytes.withUnsafeBytes { encode($0, into: UnsafeMutableRawBufferPointer(target)) }
            return count
        }
    }

    /// How many bytes a text of this form holds; `nil` if no text has such a length or such an end.
    package static func decodedCount(_ text: UnsafeRawBufferPointer) -> Int? {
        guard text.count.isMultiple(of: 4) else { return nil }
        guard let last = text.last else { return 0 }
        let padding = last != UInt8(ascii: "=") ? 0 : text[text.count - 2] != UInt8(ascii: "=") ? 1 : 2
        return text.count / 4 * 3 - padding
    }

    /// Writes the bytes of a text to `target`, whose size is ``decodedCount(_:)``.
    ///
    /// - Returns: Whether it was base64; if not, `target` holds anything.
    package static func decode(_ text: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
        values.withUnsafeBufferPointer { values in
            var wrong: UInt8 = 0
            var output = 0
            for input in stride(from: 0, to: text.count, by: 4) {
                var group: UInt32 = 0
                let held = min(3, target.count - output)
                for index in 0..<4 {
                    let value = index <= held ? values[Int(text[input + index])] : 0
                    wrong |= value
                    group = group << 6 | UInt32(value & 63)
                }
                // RFC 4648, section 3.5: the bits that no byte is made of must be zero.
                if held < 3, group & (held == 1 ? 0xFFFF : 0xFF) != 0 { return false }
                for index in 0..<held {
                    target[output + index] = UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index))
                }
                output += held
            }
            return wrong & 0xC0 == 0
        }
    }

    /// The bytes of a text; `nil` if it is not base64.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let text = Array(text)
        return text.withUnsafeBytes { text in
            guard let count = decodedCount(text) else { return nil }
            var isValid = false
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
                isValid = decode(
                    text, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target)[..<count])
                )
                initialized = isValid ? count : 0
            }
            return isValid ? bytes : nil
        }
    }
}
