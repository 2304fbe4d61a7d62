// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

extension ProviderMessage {
    /// The longest message that is read; a recogniser's are a few kilobytes.
    private static let longestJSON = 1 << 20

    /// The message as JSON.
    ///
    /// - Throws: ``ProviderError`` of kind `malformed`.
    func json() throws(ProviderError) -> JSONValue {
        guard case .text(let bytes) = self else {
            throw ProviderError(.malformed, "sent a binary message where text is expected")
        }
        guard bytes.readableBytes <= Self.longestJSON else {
            throw ProviderError(.malformed, "sent a message of \(bytes.readableBytes) bytes")
        }
        do {
            return try JSONValue(parsing: bytes.readableBytesView)
        } catch {
            throw ProviderError(.malformed, "sent a message that is no JSON: \(error.message)")
        }
    }
}

extension JSONValue {
    /// A position in a stream, written in seconds; `nil` unless it lies within a day.
    var position: Duration? {
        guard let number, number >= 0, number <= 86_400 else { return nil }
        return .nanoseconds(Int64(number * 1e9))
    }
}
