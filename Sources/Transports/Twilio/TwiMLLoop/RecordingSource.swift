// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PipelineKit

/// Fetches recordings that Twilio has made of callers.
///
/// Goes only to the hosts that it knows, as the address comes with a request; sends the account's secret to nobody else.
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
        /// It is no sound that can be read.
        case unreadable

        var description: String {
            switch self {
            case .foreignAddress: "the recording's address leads to a host that is not known; see 'recording_hosts'"
            case .status(let status): "the recording cannot be fetched: status \(status)"
            case .tooLarge(let limit): "the recording has more than \(limit) bytes; raise 'max_recording_bytes'"
            case .unreadable: "the recording is no sound that can be read"
            }
        }
    }

    private static let timeout = TimeAmount.seconds(10)
    private static let attempts = 4

    private let hosts: Set<String>
    private let maxBytes: Int
    private let authorization: Secret<String>?
    private let client: HTTPClient

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - addresses: Addresses whose hosts, and hosts by name, that are known.
    ///   - authorization: The value of the header of the same name.
    init(hosts addresses: [String], maxBytes: Int, authorization: Secret<String>?, client: HTTPClient = .shared) {
        hosts = Set(addresses.map { Self.host(of: $0) ?? $0.lowercased() })
        self.maxBytes = maxBytes
        self.authorization = authorization
        self.client = client
    }

    /// The bytes of a recording, a WAV file.
    ///
    /// - Throws: ``Failure``, or what the connection says.
    func fetch(_ url: String) async throws -> ByteBuffer {
        guard let host = Self.host(of: url), hosts.contains(host) else { throw Failure.foreignAddress }
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
        var request = HTTPClientRequest(url: url)
        if let authorization { request.headers.add(name: "authorization", value: authorization.value) }
        let response = try await client.execute(request, timeout: Self.timeout)
        guard response.status == .ok else { throw Failure.status(Int(response.status.code)) }
        do {
            return try await response.body.collect(upTo: maxBytes)
        } catch is NIOTooManyBytesError {
            throw Failure.tooLarge(maxBytes)
        }
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
