// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore

/// The content of an answer as the HTTP client delivers it.
///
/// The client closes the connection when a waiting task is cancelled, and when the iterator is dropped before the end.
final class RealBody: ProviderBody {
    /// Not here while a read is under way.
    private var iterator: HTTPClientResponse.Body.AsyncIterator?
    private var isGivenUp = false

    init(_ body: HTTPClientResponse.Body) { iterator = body.makeAsyncIterator() }

    nonisolated(nonsending) func next() async throws -> ByteBuffer? {
        guard var iterator else { return nil }
        self.iterator = nil
        do {
            let bytes = try await iterator.next(isolation: #isolation)
            if bytes != nil, !isGivenUp { self.iterator = iterator }
            return bytes
        } catch {
            throw RealNetwork.failure(error, "the provider")
        }
    }

    func giveUp() {
        isGivenUp = true
        iterator = nil
    }
}
