// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CCrypto

/// The signature under which the carrier calls an agent: HMAC-SHA1 over the address and the sorted form.
enum WebhookSignature {
    /// The value of `X-Twilio-Signature`.
    static func value(url: String, fields: [FormField] = [], token: String) -> String {
        let names = Set(fields.map(\.name)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var text = url
        for name in names {
            let values = Set(fields.lazy.filter { $0.name == name }.map(\.value))
            for value in values.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { text += name + value }
        }
        return Base64.encode(hmac(Array(text.utf8), key: Array(token.utf8)))
    }

    private static func hmac(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { target, count in
            var length: UInt32 = 0
            _ = HMAC(EVP_sha1(), key, Int32(key.count), message, message.count, target.baseAddress, &length)
            count = Int(length)
        }
    }
}
