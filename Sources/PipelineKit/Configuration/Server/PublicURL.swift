// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The address under which the world knows a server: scheme, host, and the path that a proxy takes off.
public struct PublicURL: Hashable, Sendable, CustomStringConvertible {
    /// Whether the world speaks to it encrypted.
    public let isSecure: Bool
    /// Name and port, as a `Host` header has them.
    public let authority: String
    /// The path in front of every path of the server; empty or beginning with a slash, never ending with one.
    public let path: String

    /// Reads an address such as `https://voice.example.com`.
    public init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let mark = text.firstRange(of: "://") else {
            return nil
        }
        switch text[..<mark.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: return nil
        }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard PublicURL.isAuthority(authority), !rest.contains(where: { "?#@".contains($0) }) else { return nil }
        self.authority = String(authority)
        path = String(rest[authority.endIndex...].reversed().drop { $0 == "/" }.reversed())
    }

    /// Creates an address of checked parts.
    public init(isSecure: Bool, authority: String) {
        self.isSecure = isSecure
        self.authority = authority
        path = ""
    }

    /// Whether a text can be a name or address with a port, as a `Host` header has it.
    public static func isAuthority(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._:[]".utf8.contains(byte)
                }
            }
    }

    /// The name or address of an authority, without brackets and port, in lower case.
    public static func host(of authority: some StringProtocol) -> String {
        if authority.first == "[" { return authority.dropFirst().prefix { $0 != "]" }.lowercased() }
        return authority.prefix { $0 != ":" }.lowercased()
    }

    public var description: String { "\(isSecure ? "https" : "http")://\(authority)\(path)" }
}

extension PublicURL: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> PublicURL? {
        if let text = node.scalar?.text, let url = PublicURL(text) { return url }
        return decoder.mismatch("an address such as https://voice.example.com", node)
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType(
            "URL", json: ["type": "string", "pattern": .string("^https?://|" + ParameterType.variablePattern)])
    }

    public var encoded: JSONValue { .string(description) }
}
