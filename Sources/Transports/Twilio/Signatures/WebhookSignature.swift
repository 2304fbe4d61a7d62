// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The signature by which Twilio proves that a request is its own.
///
/// - SeeAlso: https://www.twilio.com/docs/usage/security
package enum WebhookSignature {
    /// A decoded field of a form.
    package typealias Field = (name: String, value: String)

    /// The header that bears it.
    package static let header = "x-twilio-signature"
    /// The header that names another key and algorithm than the account's token and HMAC-SHA1.
    package static let settingsHeader = "x-twilio-webhooks-signature-settings"

    /// The value of the header.
    ///
    /// - Parameters:
    ///   - url: The address as Twilio requested it.
    ///   - fields: The decoded fields of a form that was posted; none for any other request.
    ///   - key: The account's auth token, or a shared key.
    package static func value(
        url: String, fields: [Field] = [], key: String, hash: MessageAuthentication.Hash = .sha1
    ) -> String {
        let message = Array(signedText(url: url, fields: fields).utf8)
        return Base64.encode(MessageAuthentication.code(hash, of: message, key: Array(key.utf8)))
    }

    /// The address, then each name and value in the order of bytes; of equal fields one.
    static func signedText(url: String, fields: [Field]) -> String {
        let precedes = { (left: String, right: String) in left.utf8.lexicographicallyPrecedes(right.utf8) }
        let sorted = fields.sorted {
            precedes($0.name, $1.name) || ($0.name == $1.name && precedes($0.value, $1.value))
        }
        var text = url
        var previous: Field?
        for field in sorted {
            if let previous, previous == field { continue }
            text += field.name
            text += field.value
            previous = field
        }
        return text
    }
}
