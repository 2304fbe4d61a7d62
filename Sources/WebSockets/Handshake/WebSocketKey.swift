// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CCrypto

/// The nonce by which a client recognises that a server speaks WebSocket, and the server's answer to it.
///
/// - SeeAlso: RFC 6455, section 4.2.2.
enum WebSocketKey {
    private static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// A new nonce: 16 random bytes in base64.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return base64((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Whether a client's key is 16 bytes in base64.
    static func isValid(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count == 24, bytes.suffix(2) == [0x3D, 0x3D] else { return false }
        return bytes.dropLast(2).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }

    /// What the server answers to a key.
    static func answer(to key: String) -> String {
        let text = Array((key + guid).utf8)
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        SHA1(text, text.count, &digest)
        return base64(digest)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        // Four characters for three bytes, and the zero that C puts behind them.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text.prefix(Int(count)), as: UTF8.self)
    }
}
