// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PipelineKit
import Transports

/// Requests an agent's addresses as the carrier does: form encoded, signed, within fifteen seconds.
struct WebhookClient: Sendable {
    /// What an agent answered.
    struct Answer: Sendable {
        /// The status.
        var status: Int
        /// The media type, in lower case and without parameters.
        var contentType: String
        /// The body.
        var body: [UInt8]
    }

    private static let timeLimit = TimeAmount.seconds(15)
    private static let bodyLimit = 1 << 20

    let http: HTTPClient
    let token: Secret<String>
    /// Where public addresses really are.
    let routes: PublicRoutes

    /// Makes a request.
    ///
    /// - Throws: A ``CarrierWarning`` with code 11200 or 11205.
    func request(
        _ method: String, _ url: String, _ fields: [FormField]
    ) async throws(CarrierWarning) -> Answer {
        // The part behind '#' are wishes about time limits; it is neither sent nor signed.
        let address = String(url.prefix { $0 != "#" })
        let isForm = method != "GET"
        let full =
            isForm || fields.isEmpty ? address : address + (address.contains("?") ? "&" : "?") + fields.urlEncoded
        guard ["http://", "https://"].contains(where: { address.lowercased().hasPrefix($0) }) else {
            throw CarrierWarning(11200, "'\(address.prefix(200))' is no absolute address of the web")
        }
        var request = HTTPClientRequest(url: routes.resolve(full))
        request.method = isForm ? .POST : .GET
        request.headers.add(name: "user-agent", value: "TwilioProxy/1.1")
        request.headers.add(name: "accept", value: "*/*")
        request.headers.add(
            name: WebhookSignature.header,
            value: WebhookSignature.value(
                url: full, fields: isForm ? fields.map { ($0.name, $0.value) } : [], key: token.value))
        request.headers.replaceOrAdd(name: "host", value: PublicRoutes.authority(full))
        if isForm {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded; charset=utf-8")
            request.body = .bytes(ByteBuffer(string: fields.urlEncoded))
        }
        return try await execute(request, address)
    }

    private func execute(
        _ request: HTTPClientRequest, _ address: String
    ) async throws(CarrierWarning) -> Answer {
        do {
            let response = try await http.execute(request, timeout: Self.timeLimit)
            let body = try await response.body.collect(upTo: Self.bodyLimit)
            let type = response.headers.first(name: "content-type") ?? ""
            return Answer(
                status: Int(response.status.code),
                contentType: type.lowercased().prefix { $0 != ";" }.filter { $0 != " " },
                body: Array(body.readableBytesView))
        } catch let error as HTTPClientError where error == .connectTimeout {
            throw CarrierWarning(11205, "\(address): no connection in time")
        } catch is CancellationError {
            throw CarrierWarning(11205, "\(address): the call ended first")
        } catch {
            throw CarrierWarning(11200, "\(address): \(error)")
        }
    }
}

/// Public addresses of agents that are really elsewhere, so that an agent can be tested under its public name.
public struct PublicRoutes: Sendable, Hashable {
    private var origins: [String: String] = [:]

    /// Nothing is elsewhere.
    public init() {}

    /// Leads everything below an origin, such as `https://agent.example.com`, to another, such as
    /// `http://127.0.0.1:8080`; WebSockets too.
    public mutating func lead(_ origin: String, to other: String) {
        origins[origin.lowercased()] = other
        if origin.lowercased().hasPrefix("http"), other.hasPrefix("http") {
            origins["ws" + origin.lowercased().dropFirst(4)] = "ws" + other.dropFirst(4)
        }
    }

    /// The real address.
    func resolve(_ url: String) -> String {
        let end = Self.originEnd(url)
        guard let other = origins[url[..<end].lowercased()] else { return url }
        return other + url[end...]
    }

    /// Host and port, as the `Host` header has them.
    static func authority(_ url: String) -> String {
        let end = originEnd(url)
        guard let slash = url[..<end].lastIndex(of: "/") else { return url }
        return String(url[url.index(after: slash)..<end])
    }

    private static func originEnd(_ url: String) -> String.Index {
        var slashes = 0
        for index in url.indices {
            if url[index] == "/" { slashes += 1 }
            if slashes == 3 || (slashes == 2 && url[index] == "?") { return index }
        }
        return url.endIndex
    }
}
