// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import PipelineKit

/// A language model behind HTTP: asks it with the conversation, and emits what it says as it says it.
///
/// A reply begins with the first word or call, and it ends once, also when the service breaks off; what it wants called
/// follows its words, and only when the answer is whole. A failure before the first word is tried once more if it may
/// pass. When the caller breaks in the connection is closed, which stops the model.
package final class LanguageModel<Dialect: ModelDialect>: Service {
    package static var name: String { Dialect.name }
    package static var summary: String { Dialect.summary }

    package static func pads(_ parameters: Dialect.Parameters) -> Pads {
        Pads(
            consumes: [.frames(ModelRequest.self)],
            produces: [
                .frames(ResponseStarted.self), .frames(ModelText.self), .frames(ToolCall.self),
                .frames(ResponseEnded.self),
            ])
    }

    private let parameters: Dialect.Parameters
    private let client: ProviderClient
    private var warmUp: Task<Void, Never>?

    package init(_ parameters: Dialect.Parameters) {
        self.parameters = parameters
        client = ProviderClient(Dialect.provider, parameters.provider)
    }

    deinit { warmUp?.cancel() }

    /// Opens a connection for the first turn without letting the session wait for it.
    nonisolated(nonsending) package func start(_ output: ServiceOutput) async throws {
        guard parameters.model.warmsUp, let loop = output.loop else { return }
        let warmUp = ModelWarmUp<Dialect>(client: client, parameters: parameters)
        self.warmUp = Task(executorPreference: loop) { await warmUp.run(output) }
    }

    nonisolated(nonsending) package func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        guard let request = frame[ModelRequest.self] else { return try await output.emit(frame) }
        let response = ModelResponse<Dialect>(request, client, parameters)
        do {
            try await client.attempt(output, unless: { response.hasStarted }) { try await response.run(output) }
        } catch let error as ProviderError {
            try await response.breakOff(output)
            throw Dialect.explained(error, parameters).asPipelineError(Dialect.provider)
        }
    }

    nonisolated(nonsending) package func stop() async {
        warmUp?.cancel()
        await warmUp?.value
    }
}

/// Opens the connection that the first turn will use.
private struct ModelWarmUp<Dialect: ModelDialect>: Sendable {
    let client: ProviderClient
    let parameters: Dialect.Parameters

    /// What goes wrong here goes wrong again in the first turn, where it counts; only what nobody can mend in time is
    /// reported at once.
    nonisolated(nonsending) func run(_ output: ServiceOutput) async {
        do {
            let reader = try await client.send(Dialect.warmUp(parameters), output)
            _ = try await reader.all(upTo: 16 * 1024 * 1024)
        } catch let error as ProviderError {
            guard let status = error.status, [401, 402, 403].contains(status) else { return }
            output.report(.error(Dialect.explained(error, parameters).asPipelineError(Dialect.provider)))
        } catch {
            // The session is over.
        }
    }
}
