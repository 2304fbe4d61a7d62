// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PipelineKit

/// Fetches recordings that Twilio has made of callers.
///
/// Goes only to the hosts that it knows, as the address comes with a request, and follows redirects only to them; where an
/// address leads to another of them, the account's secret stays behind.
/// A recording may not be there yet when its address is told, so that a missing one is asked for again.
struct RecordingSource: Sendable {
    /// Why there is no recording.
    enum Failure: Error, Equatable, CustomStringConvertible {
        /// The address leads elsewhere.
        case foreignAddress
        /// The host answers with this status.
        case status(Int)
        /// The recording has more bytes than are taken.
        case tooLarge(Int)
        /// It leads from one place to the next.
        case tooManyRedirects
        /// It is no sound that can be read.
        case unreadable

        var description: String {
            switch self {
            case .foreignAddress: "the recording's address leads to a host that is not known; see 'recording_hosts'"
            case .status(let status): "the recording cannot be fetched: status \(status)"
            case .tooLarge(let limit): "the recording has more than \(limit) bytes; raise 'max_recording_bytes'"
            case .tooManyRedirects: "the recording's address leads from one place to the next"
            case .unreadable: "the recording is no sound that can be read"
            }
        }
    }

    private static let timeout = TimeAmount.seconds(10)
    private static let attempts = 4
    private static let mostRedirects = 3
    /// Follows nothing by itself: where an address leads is checked first.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

    private let hosts: Set<String>
    private let maxBytes: Int
    private let authorization: Secret<String>?

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - addresses: Addresses whose hosts, and hosts by name, that are known.
    ///   - authorization: The value of the header of the same name.
    init(hosts addresses: [String], maxBytes: Int, authorization: Secret<String>?) {
        hosts = Set(addresses.map { Self.host(of: $0) ?? $0.lowercased() })
        self.maxBytes = maxBytes
        self.authorization = authorization
    }

    /// The bytes of a recording, a WAV file.
    ///
    /// - Throws: ``Failure``, or what the connection says.
    func fetch(_ url: String) async throws -> ByteBuffer {
        var attempt = 1
        while true {
            do {
                return try await get(url.hasSuffix(".wav") ? url : url + ".wav")
            } catch Failure.status(404) where attempt < Self.attempts {
                attempt += 1
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func get(_ url: String) async throws -> ByteBuffer {
        let origin = Self.origin(of: url)
        var address = url
        for _ in 0...Self.mostRedirects {
            guard let host = Self.host(of: address), hosts.contains(host) else { throw Failure.foreignAddress }
            var request = HTTPClientRequest(url: address)
            // The secret is for whom the address named, and for nobody to whom that one leads.
            if let authorization, Self.origin(of: address) == origin {
                request.headers.add(name: "authorization", value: authorization.value)
            }
            let response = try await Self.client.execute(request, timeout: Self.timeout)
            guard (300..<400).contains(response.status.code) else { return try await content(of: response) }
            guard let next = response.headers.first(name: "location") else {
                throw Failure.status(Int(response.status.code))
            }
            address = next.hasPrefix("/") ? Self.origin(of: address) + next : next
        }
        throw Failure.tooManyRedirects
    }

    private func content(of response: HTTPClientResponse) async throws -> ByteBuffer {
        guard response.status == .ok else { throw Failure.status(Int(response.status.code)) }
        do {
            return try await response.body.collect(upTo: maxBytes)
        } catch is NIOTooManyBytesError {
            throw Failure.tooLarge(maxBytes)
        }
    }

    /// What stands before the path of an address whose host is known.
    private static func origin(of url: String) -> String {
        guard let mark = url.firstRange(of: "://") else { return "" }
        return url[..<mark.upperBound].lowercased()
            + url[mark.upperBound...].prefix { !"/?#".contains($0) }.lowercased()
    }

    /// The host and port of an address on the web.
    static func host(of url: String) -> String? {
        guard let mark = url.firstRange(of: "://"), ["http", "https"].contains(url[..<mark.lowerBound].lowercased())
        else {
            return nil
        }
        let authority = url[mark.upperBound...].prefix { !"/?#".contains($0) }
        // Whatever stands before an '@' is no host, and a backslash is one to some readers and none to others.
        guard !authority.isEmpty, !url.contains("\\"), !authority.contains("@") else { return nil }
        return authority.lowercased()
    }
}
