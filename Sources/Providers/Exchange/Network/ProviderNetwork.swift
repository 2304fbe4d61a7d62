// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

/// How adapters reach their providers: the real network, or the doubles that a virtual loop is lent in tests.
///
/// Called on the session's loop, and answers there. Every method throws ``ProviderError``, or `CancellationError` when
/// its task was cancelled.
package protocol ProviderNetwork: Sendable {
    /// What is known of the health of the providers that this network reaches.
    var breakers: CircuitBreakers { get }
    /// Sends a request; returns when the head of the answer is there, whatever its status.
    nonisolated(nonsending) func send(
        _ request: ProviderRequest, _ output: ServiceOutput
    ) async throws -> ProviderResponse
    /// Opens a WebSocket; refused upgrades are thrown with their status.
    nonisolated(nonsending) func connect(
        _ request: ProviderRequest, _ output: ServiceOutput
    ) async throws -> any ProviderSocket
    /// Opens a TCP connection.
    nonisolated(nonsending) func dial(
        _ host: String, port: Int, _ output: ServiceOutput
    ) async throws -> any ProviderStream
}

extension ServiceOutput {
    /// The network: what the loop is lent, else the real one.
    package var network: any ProviderNetwork { lent((any ProviderNetwork).self) ?? RealNetwork.shared }
}

/// What is asked of a provider.
package struct ProviderRequest: Sendable {
    /// `GET`, `POST` or `DELETE`.
    package var method = "GET"
    /// `http`, `https`, `ws` or `wss`; never in a message to people, for it may hold a token.
    package var url: String
    /// Names in lower case; values may be secrets and are never shown.
    package var headers: [(name: String, value: String)] = []
    /// The content, whole.
    package var body = ByteBuffer()

    /// Creates a request without content.
    package init(_ method: String = "GET", url: String) {
        self.method = method
        self.url = url
    }
}

/// A provider's answer to a request.
package struct ProviderResponse {
    /// The status.
    package var status: Int
    /// Names in lower case.
    package var headers: [(name: String, value: String)]
    /// The content as it arrives.
    package var body: any ProviderBody

    /// Creates an answer.
    package init(status: Int, headers: [(name: String, value: String)], body: any ProviderBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// The content of an answer; confined to its session's loop.
///
/// Giving it up before its end, or cancelling the task that waits, closes the connection, so that the provider stops.
package protocol ProviderBody: AnyObject {
    /// The next bytes; `nil` at the end.
    nonisolated(nonsending) func next() async throws -> ByteBuffer?
    /// Closes the connection unless the content was read to its end; harmless when repeated.
    func giveUp()
}

/// A WebSocket to a provider; confined to its session's loop, and closed when nobody holds it any more.
package protocol ProviderSocket: AnyObject {
    /// Sends a message; lost when the socket is over.
    func send(text: String)
    /// Sends a message; lost when the socket is over.
    func send(binary: ByteBuffer)
    /// Bytes that the network has not taken yet.
    var bufferedBytes: Int { get }
    /// The next message; `nil` after a close with code 1000.
    ///
    /// A wait that is cancelled takes no message and leaves the socket open.
    ///
    /// - Throws: ``ProviderError`` for any other end.
    nonisolated(nonsending) func receive() async throws -> ProviderMessage?
    /// Ends the socket; harmless when repeated.
    func close()
}

/// A TCP connection to a provider; confined to its session's loop, and closed when nobody holds it any more.
package protocol ProviderStream: AnyObject {
    /// Sends bytes; lost when the connection is over.
    func write(_ bytes: ByteBuffer)
    /// Bytes that the network has not taken yet.
    var bufferedBytes: Int { get }
    /// The next bytes; `nil` when the provider has closed the connection.
    ///
    /// A wait that is cancelled takes nothing and leaves the connection open.
    ///
    /// - Throws: ``ProviderError`` when the connection broke.
    nonisolated(nonsending) func next() async throws -> ByteBuffer?
    /// Ends the connection; harmless when repeated.
    func close()
}

/// A message on a provider's WebSocket.
package enum ProviderMessage: Sendable, Equatable {
    /// Valid UTF-8.
    case text(ByteBuffer)
    /// Anything.
    case binary(ByteBuffer)
}
