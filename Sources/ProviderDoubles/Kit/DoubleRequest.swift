// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit
import Providers

/// What a double is asked.
package struct DoubleRequest: Sendable {
    /// `GET`, `POST` or `DELETE`; a WebSocket's handshake is a `GET`.
    package var method: String
    /// Name or address, without a port.
    package var host: String
    /// The path, percent-encoded, without the query.
    package var path: String
    /// The parameters of the query, decoded.
    package var query: [(name: String, value: String)]
    /// Names in lower case.
    package var headers: [(name: String, value: String)]
    /// The content, whole.
    package var body: ByteBuffer

    /// Creates a request from what its first line and its headers say.
    ///
    /// - Parameter target: Path and query.
    package init(
        method: String, host: String, target: String, headers: [(name: String, value: String)] = [],
        body: ByteBuffer = ByteBuffer()
    ) {
        self.method = method
        self.host = host
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? "/"
        query = parts.count == 2 ? Self.parameters(parts[1]) : []
        self.headers = headers
        self.body = body
    }

    /// Creates what a provider sees of an adapter's request.
    init(_ request: ProviderRequest) {
        let rest = request.url.firstRange(of: "://").map { request.url[$0.upperBound...] } ?? request.url[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest[authority.endIndex...]
        self.init(
            method: request.method, host: Self.host(authority),
            target: target.first == "/" ? String(target) : "/" + target, headers: request.headers, body: request.body)
    }

    /// The first value of a header.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The first value of a parameter of the query.
    package func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// All values of a parameter of the query.
    package func parameters(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    /// The content as JSON; `nil` when it is something else.
    package var json: JSONValue? { try? JSONValue(parsing: body.readableBytesView) }

    /// The host of `host:port`, without the brackets of IPv6.
    static func host(_ authority: some StringProtocol) -> String {
        if authority.first == "[" { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    private static func parameters(_ query: Substring) -> [(name: String, value: String)] {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count == 2 ? decoded(parts[1]) : "")
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
