// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// Tells Twilio's requests from everybody else's.
///
/// Every comparison takes the same time whether it succeeds or not.
package struct SignatureCheck: Sendable {
    private let tokens: [Secret<String>]
    private let sharedKeys: [String: Secret<String>]

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - tokens: The auth tokens that are valid: one, or two while they are changed over.
    ///   - sharedKeys: Keys of webhooks that are signed with HMAC-SHA256, by their id.
    package init(tokens: [Secret<String>], sharedKeys: [String: Secret<String>] = [:]) {
        self.tokens = tokens
        self.sharedKeys = sharedKeys
    }

    /// Whether a request is signed.
    ///
    /// - Parameters:
    ///   - signature: The value of ``WebhookSignature/header``.
    ///   - settings: The value of ``WebhookSignature/settingsHeader``.
    ///   - url: The public address of the request, its query as it was sent.
    ///   - fields: The decoded fields of a form; none for any other request.
    package func accepts(
        _ signature: String?, settings: String? = nil, url: String, fields: [WebhookSignature.Field] = []
    ) -> Bool {
        guard let signature, let (keys, hash) = keys(settings) else { return false }
        var isSigned = false
        for url in Self.candidates(of: url) {
            for key in keys {
                let expected = WebhookSignature.value(url: url, fields: fields, key: key.value, hash: hash)
                if MessageAuthentication.areEqual(expected.utf8, signature.utf8) { isSigned = true }
            }
        }
        return isSigned
    }

    /// Whether a request whose body is no form is signed: the address holds the body's hash.
    package func accepts(_ signature: String?, settings: String? = nil, url: String, body: [UInt8]) -> Bool {
        guard let hash = Self.bodyHash(in: url) else { return false }
        let expected = MessageAuthentication.digest(.sha256, of: body).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        return MessageAuthentication.areEqual(expected.utf8, hash.utf8)
            && accepts(signature, settings: settings, url: url)
    }

    private func keys(_ settings: String?) -> (keys: [Secret<String>], hash: MessageAuthentication.Hash)? {
        guard let settings else { return (tokens, .sha1) }
        var values: [Substring: Substring] = [:]
        for part in settings.split(separator: ",", maxSplits: 8) {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { values[pair[0]] = pair[1] }
        }
        guard let algorithm = values["algorithm"] else { return (tokens, .sha1) }
        guard algorithm == "HMAC_SHA256", let id = values["key"], let key = sharedKeys[String(id)] else { return nil }
        return ([key], .sha256)
    }

    /// The addresses that Twilio may have signed: with and without the scheme's usual port, and for a WebSocket with
    /// and without a slash at the end.
    static func candidates(of url: String) -> [String] {
        guard let scheme = url.firstRange(of: "://") else { return [url] }
        let rest = url[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[host.endIndex...]
        let start = url[..<scheme.upperBound]
        let port = ["https://", "wss://"].contains(start) ? ":443" : ":80"
        var hosts = [String(host)]
        if host.hasSuffix(port) {
            hosts.append(String(host.dropLast(port.count)))
        } else if !(host.hasPrefix("[") ? host.drop { $0 != "]" } : host).contains(":") {
            hosts.append(host + port)
        }
        var paths = [String(path)]
        if start.hasPrefix("ws"), !path.contains("?") {
            paths.append(path.hasSuffix("/") ? String(path.dropLast()) : path + "/")
        }
        return hosts.flatMap { host in paths.map { start + host + $0 } }
    }

    private static func bodyHash(in url: String) -> Substring? {
        guard let query = url.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
        return query.split(separator: "&").lazy.compactMap { field in
            field.hasPrefix("bodySHA256=") ? field.dropFirst("bodySHA256=".count) : nil
        }.first
    }
}
