// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// An address of the form `ws://host:port/path?query` or `wss://…`.
///
/// - SeeAlso: RFC 6455, section 3.
struct WebSocketURL: Equatable {
    /// Whether the connection is encrypted.
    var isSecure: Bool
    /// A name or an address, without the brackets of IPv6.
    var host: String
    /// 80 or 443 unless the address says otherwise.
    var port: Int
    /// Path and query, as the request line bears them.
    var target: String

    /// Reads an address.
    ///
    /// - Throws: ``WebSocketError`` with what is wrong.
    init(_ text: String) throws(WebSocketError) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Self.bad(text, "it has blanks or characters outside ASCII; percent-encode them")
        }
        guard let scheme = text.firstRange(of: "://") else {
            throw Self.bad(text, "it has no scheme; begin with ws://")
        }
        switch text[..<scheme.lowerBound].lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw Self.bad(text, "its scheme is neither ws nor wss")
        }
        let rest = text[scheme.upperBound...]
        guard !rest.contains("#") else { throw Self.bad(text, "it has a fragment, which a WebSocket has no use for") }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw Self.bad(text, "it bears a user; send an Authorization header") }
        let target = rest[authority.endIndex...]
        self.target = target.first == "/" ? String(target) : "/" + target
        guard let (host, port) = Self.split(authority) else { throw Self.bad(text, "its host or port is malformed") }
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
    }

    /// The value of the `Host` header.
    var authority: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var rest = Substring()
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            rest = authority[colon...]
        }
        guard !host.isEmpty else { return nil }
        guard let mark = rest.first else { return (String(host), nil) }
        guard mark == ":", let port = UInt16(rest.dropFirst()), port > 0 else { return nil }
        return (String(host), Int(port))
    }

    private static func bad(_ text: String, _ why: String) -> WebSocketError {
        // Queries carry tokens.
        WebSocketError(.badURL, "'\(text.prefix { $0 != "?" })' is no address of a WebSocket: \(why)")
    }
}
