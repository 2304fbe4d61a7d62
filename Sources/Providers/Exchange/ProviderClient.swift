// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import PipelineKit

/// An adapter's way to its provider: within its times, past its breaker, with errors that say what to do.
package struct ProviderClient: Sendable {
    private static let longestErrorBody = 64 * 1024

    /// The provider's name in messages.
    package let name: String
    /// Where it is, who asks, and how long it may take.
    package let parameters: ProviderParameters

    /// Creates a client.
    package init(_ name: String, _ parameters: ProviderParameters) {
        self.name = name
        self.parameters = parameters
    }

    /// Sends a request.
    ///
    /// - Parameter awaitsContent: See ``ProviderReader``.
    /// - Returns: The content of an answer whose status is one of success.
    /// - Throws: ``ProviderError``, also for any other status; `CancellationError`.
    nonisolated(nonsending) package func send(
        _ request: ProviderRequest, awaitsContent: Bool = false, _ output: ServiceOutput
    ) async throws -> ProviderReader {
        let (begin, network, limit) = (output.now, output.network, parameters.timeouts.firstByte)
        let late = ProviderError.late("no answer came", within: limit, "first_byte_timeout")
        let response = try await withDeadline(min(limit, parameters.timeouts.total), output, late) {
            try await network.send(request, output)
        }
        let reader = ProviderReader(
            response, parameters.timeouts, since: begin, awaitsContent: awaitsContent, output)
        guard (200..<300).contains(response.status) else { throw try await refusal(reader) }
        return reader
    }

    /// Opens a WebSocket.
    ///
    /// - Throws: ``ProviderError``, also when the provider refuses; `CancellationError`.
    nonisolated(nonsending) package func connect(
        _ request: ProviderRequest, _ output: ServiceOutput
    ) async throws -> any ProviderSocket {
        let (network, limit) = (output.network, parameters.timeouts.connect)
        let late = ProviderError.late("no connection came about", within: limit, "connect_timeout")
        return try await withDeadline(limit, output, late) { try await network.connect(request, output) }
    }

    /// Does one step, at most twice: again when it failed in a way that may pass, and `hasEmitted` says that nothing of it
    /// has gone on.
    ///
    /// - Throws: ``ProviderError`` of the last try, or of the breaker; `CancellationError`.
    nonisolated(nonsending) package func attempt<Value>(
        _ output: ServiceOutput, unless hasEmitted: () -> Bool = { false },
        _ step: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        var retries = RetryPolicy()
        while true {
            do {
                return try await guarded(output, step)
            } catch let error as ProviderError {
                guard !hasEmitted(), let delay = retries.delay(after: error) else { throw error }
                output.report(.retries, 1)
                if delay > .zero { try await output.sleep(for: delay) }
            }
        }
    }

    /// Does one step if the breaker allows it, and tells the breaker how it went.
    nonisolated(nonsending) package func guarded<Value>(
        _ output: ServiceOutput, _ step: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        guard let loop = output.loop else { throw CancellationError() }
        let breakers = output.network.breakers
        let key = CircuitBreakers.Key(provider: name, address: parameters.baseURL, apiKey: parameters.apiKey)
        try breakers.admit(key, at: loop.virtualTime)
        do {
            let value = try await step()
            breakers.note(key) { $0.succeeded() }
            return value
        } catch let error as ProviderError {
            breakers.note(key) { $0.failed(error, at: loop.virtualTime) }
            output.report(.failures, 1)
            throw error
        } catch {
            breakers.note(key) { $0.abandoned(at: loop.virtualTime) }
            throw error
        }
    }

    /// The error of an answer that is none, with as much of its content as comes soon.
    nonisolated(nonsending) private func refusal(_ reader: ProviderReader) async throws -> ProviderError {
        var content = ByteBuffer()
        do {
            while content.readableBytes < Self.longestErrorBody, let bytes = try await reader.next() {
                content.writeImmutableBuffer(bytes)
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // The status says enough.
        }
        reader.giveUp()
        return ProviderError.refused(
            reader.response.status, headers: reader.response.headers, body: content,
            secrets: parameters.apiKey.map { [$0] } ?? [])
    }
}

extension ProviderError {
    /// The error as the pipeline reports it.
    ///
    /// - Parameter provider: The provider's name.
    package func asPipelineError(_ provider: String) -> PipelineError {
        let request = requestID.map { " [request \($0)]" } ?? ""
        return PipelineError(.provider, "\(provider): \(message)\(request)")
    }
}
