// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import PipelineKit

/// By which way a request came: what trusted proxies say of it, and nothing that anybody else says.
struct ProxyRoute: Equatable {
    private static let forwardingHeaders = [
        "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "via", "cf-connecting-ip",
    ]

    /// Who asks.
    var client: IPAddress
    /// Whether the client speaks encrypted, if a trusted proxy says so.
    var isSecure: Bool?
    /// The host that the client asked for, if a trusted proxy says so.
    var host: String?
    /// Whether any header says that there was a proxy.
    var isForwarded: Bool

    /// Follows the headers back.
    ///
    /// - Parameter peer: The other end of the connection.
    init(_ headers: HTTPHeaders, peer: IPAddress, trusted: [AddressRange]) {
        client = peer
        isForwarded = Self.forwardingHeaders.contains { headers.contains(name: $0) }
        func isTrusted(_ address: IPAddress) -> Bool { trusted.contains { $0.contains(address) } }
        guard isTrusted(peer) else { return }
        // From the nearest proxy to the farthest; the first one that is not ours has been the client's.
        for entry in headers[canonicalForm: "x-forwarded-for"].reversed() {
            guard let address = IPAddress(Self.withoutPort(entry)) else { break }
            client = address
            guard isTrusted(address) else { break }
        }
        // Headers are appended by each proxy in turn, so that the last entry is that of the nearest.
        switch headers[canonicalForm: "x-forwarded-proto"].last?.lowercased() {
        case "https", "wss": isSecure = true
        case "http", "ws": isSecure = false
        default: break
        }
        if let last = headers[canonicalForm: "x-forwarded-host"].last, PublicURL.isAuthority(last) {
            host = String(last)
        }
    }

    /// An entry without the port that some proxies add: `1.2.3.4:5`, `[::1]:5`.
    private static func withoutPort(_ entry: Substring) -> Substring {
        if entry.first == "[" { return entry.dropFirst().prefix { $0 != "]" } }
        let colons = entry.count { $0 == ":" }
        return colons == 1 ? entry.prefix { $0 != ":" } : entry
    }
}
