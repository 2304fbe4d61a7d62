// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOPosix
import WebSockets

extension RealNetwork {
    /// What an error of the libraries underneath means.
    static func failure(_ error: any Error, _ authority: String) -> any Error {
        switch error {
        case is CancellationError: error
        case let error as ProviderError: error
        case let error as HTTPClientError: failure(error, authority)
        case let error as WebSocketError: failure(error, authority)
        case is NIOConnectionError, is ChannelError, is IOError: notReachable(authority, "")
        default: ProviderError(.transient, "the connection to \(authority) broke: \(type(of: error))")
        }
    }

    private static func failure(_ error: HTTPClientError, _ authority: String) -> any Error {
        if error == .cancelled { return CancellationError() }
        if addressErrors.contains(error) {
            return ProviderError(.permanent, "base_url is no address of HTTP (\(error.shortDescription)); correct it")
        }
        if connectErrors.contains(error) { return notReachable(authority, " (\(error.shortDescription))") }
        return ProviderError(.transient, "the connection to \(authority) broke (\(error.shortDescription))")
    }

    private static func failure(_ error: WebSocketError, _ authority: String) -> any Error {
        switch error.code {
        case .badURL: return ProviderError(.permanent, "\(error.message); correct base_url")
        case .timedOut, .notReachable: return notReachable(authority, " (\(error.message))")
        case .badHandshake: return ProviderError(.malformed, "\(error.message); check base_url")
        case .refused:
            let headers = error.headers.map { (name: $0.name.lowercased(), value: $0.value) }
            return ProviderError.refused(error.status ?? 0, headers: headers, body: error.body)
        }
    }

    private static func notReachable(_ authority: String, _ detail: String) -> ProviderError {
        var error = ProviderError(
            .transient, "no connection to \(authority) came about\(detail); check base_url and that the server runs")
        error.mayHaveArrived = false
        return error
    }

    private static let addressErrors: [HTTPClientError] = [
        .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath,
    ]

    private static let connectErrors: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
    ]
}
