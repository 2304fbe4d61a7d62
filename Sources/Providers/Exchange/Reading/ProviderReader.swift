// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

/// Reads the content of an answer within its times; confined to the session's loop.
package final class ProviderReader {
    /// The head of the answer.
    package let response: ProviderResponse
    private let body: any ProviderBody
    private let timeouts: ProviderTimeouts
    private let begin: MediaTime
    private let output: ServiceOutput
    /// Whether what was waited for has begun: from then on gaps are limited.
    private var hasBegun = false
    private let awaitsContent: Bool

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - begin: When the request was sent.
    ///   - awaitsContent: Whether the first byte that counts is the one before ``contentBegan()``, and not the first.
    package init(
        _ response: ProviderResponse, _ timeouts: ProviderTimeouts, since begin: MediaTime, awaitsContent: Bool = false,
        _ output: ServiceOutput
    ) {
        self.response = response
        body = response.body
        self.timeouts = timeouts
        self.begin = begin
        self.awaitsContent = awaitsContent
        self.output = output
    }

    deinit { body.giveUp() }

    /// Ends the wait for the first byte where keep-alives and heads of answers do not count as such.
    package func contentBegan() { hasBegun = true }

    /// The next bytes; `nil` at the end.
    ///
    /// - Parameter patience: A shorter time than what the timeouts say.
    /// - Throws: ``ProviderError`` when they do not come in time or the connection breaks; `CancellationError`.
    nonisolated(nonsending) package func next(within patience: Duration? = nil) async throws -> ByteBuffer? {
        let (limit, late) = try limit()
        let bytes = try await withDeadline(min(limit, patience ?? limit), output, late) { [body] in
            try await body.next()
        }
        if !awaitsContent, bytes != nil { hasBegun = true }
        return bytes
    }

    /// All that is left, for an answer that is used as a whole.
    ///
    /// - Throws: As ``next()``, and when it is longer than `maxBytes`.
    nonisolated(nonsending) package func all(upTo maxBytes: Int = 1024 * 1024) async throws -> ByteBuffer {
        var content = ByteBuffer()
        while let bytes = try await next() {
            guard content.readableBytes + bytes.readableBytes <= maxBytes else {
                giveUp()
                throw ProviderError(.malformed, "the answer is longer than \(maxBytes) bytes")
            }
            content.writeImmutableBuffer(bytes)
        }
        return content
    }

    /// Reads what is left and forgets it, so that the connection can be used again; gives up when it takes long.
    nonisolated(nonsending) package func drain() async {
        for _ in 0..<16 {
            guard (try? await next(within: .milliseconds(100))) != nil else { break }
        }
        giveUp()
    }

    /// Closes the connection unless the content was read to its end.
    package func giveUp() { body.giveUp() }

    /// How long the next bytes may take, and what it means when they take longer.
    private func limit() throws -> (Duration, ProviderError) {
        let spent = output.now - begin
        let left = timeouts.total - spent
        let incomplete = ProviderError.late("the answer was not complete", within: timeouts.total, "total_timeout")
        guard left > .zero else {
            giveUp()
            throw incomplete
        }
        let wait = hasBegun ? timeouts.idle : max(timeouts.firstByte - spent, .zero)
        if left < wait { return (left, incomplete) }
        let late =
            hasBegun
            ? ProviderError.late("nothing more came", within: timeouts.idle, "idle_timeout")
            : ProviderError.late("no answer came", within: timeouts.firstByte, "first_byte_timeout")
        return (wait, late)
    }
}
