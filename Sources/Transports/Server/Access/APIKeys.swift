// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CCrypto
import NIOHTTP1
import PipelineKit

/// Decides who may use the management routes.
///
/// With keys, whoever shows one of them. Without, programs on this machine alone: a web page that makes a browser ask is
/// refused by its `Origin` or `Host` header, and what came through a proxy by its headers.
struct APIKeys: Sendable {
    private let digests: [[UInt8]]

    /// Takes the keys; their text is not kept.
    init(_ keys: [Secret<String>]) { digests = keys.map { Self.digest($0.value) } }

    /// Lets a request pass.
    ///
    /// - Throws: ``ServerError`` 401 or 403, and what to do.
    func check(_ request: ServerRequest) throws(ServerError) {
        guard !digests.isEmpty else { return try checkLocal(request) }
        guard let key = Self.key(of: request.headers), admits(key) else {
            throw ServerError(
                .unauthorized, "this needs a key, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'",
                headers: ["www-authenticate": "Bearer"])
        }
    }

    /// Takes the same time whichever key it is, and however much of it is right.
    private func admits(_ key: String) -> Bool {
        let digest = Self.digest(key)
        var isKnown = false
        for known in digests where CRYPTO_memcmp(known, digest, digest.count) == 0 { isKnown = true }
        return isKnown
    }

    private func checkLocal(_ request: ServerRequest) throws(ServerError) {
        let host = request.headers.first(name: "host") ?? "localhost"
        let origin = request.headers.first(name: "origin").map { $0.split(separator: "/").last ?? "" }
        let isLocal =
            request.clientAddress.isLoopback && !request.isForwarded && Self.isLocal(host[...])
            && origin.map(Self.isLocal) != false
        guard isLocal else {
            throw ServerError(.forbidden, "without a key this is for programs on this machine; set server.api_keys")
        }
    }

    private static func isLocal(_ authority: Substring) -> Bool {
        if authority.first == "[" { return IPAddress(authority.dropFirst().prefix { $0 != "]" })?.isLoopback == true }
        let name = authority.prefix { $0 != ":" }
        return name.lowercased() == "localhost" || IPAddress(name)?.isLoopback == true
    }

    private static func key(of headers: HTTPHeaders) -> String? {
        if let key = headers.first(name: "x-api-key") ?? subprotocolKey(headers) { return key }
        guard let value = headers.first(name: "authorization"), value.lowercased().hasPrefix("bearer ") else {
            return nil
        }
        return String(value.dropFirst(7).drop { $0 == " " })
    }

    /// The key among the subprotocols of a WebSocket, as `key.` and its base64url: pages can send it in no other way.
    private static func subprotocolKey(_ headers: HTTPHeaders) -> String? {
        let offered = headers[canonicalForm: "sec-websocket-protocol"]
        guard let text = offered.first(where: { $0.hasPrefix("key.") })?.dropFirst(4) else { return nil }
        var base64 = text.utf8.map {
            $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
        }
        while !base64.count.isMultiple(of: 4) { base64.append(UInt8(ascii: "=")) }
        return Base64.decode(base64).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func digest(_ key: String) -> [UInt8] {
        let bytes = Array(key.utf8)
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes, bytes.count, &digest)
        return digest
    }
}
