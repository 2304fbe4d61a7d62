// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Processors

/// Asks an HTTP endpoint for each call.
///
/// The pipeline file names the host; arguments never change it, and redirects are not followed, so that the model cannot
/// reach what the file did not mean. Arguments stand in the path where the URL says `{name}`, the others in the query or
/// in the body. A tool that writes sends the same `Idempotency-Key` for calls that mean the same.
struct HTTPTool: Tool {
    static let name = "http"
    static let summary = "Asks an HTTP endpoint."

    private let parameters: HTTPToolParameters

    init(_ parameters: HTTPToolParameters) { self.parameters = parameters }

    var definition: ToolDefinition {
        ToolDefinition(
            name: parameters.name, description: parameters.description,
            arguments: parameters.arguments.schema)
    }

    var policy: ToolPolicy {
        ToolPolicy(
            effect: parameters.effectInUse, onInterruption: parameters.onInterruption,
            deadline: parameters.deadline)
    }

    nonisolated(nonsending) func run(_ invocation: ToolInvocation, _ output: ServiceOutput) async throws -> String {
        let request = try HTTPToolExchange.request(invocation, parameters)
        do {
            let response = try await output.network.send(request, output)
            let content = try await content(of: response)
            return try HTTPToolExchange.result(status: response.status, content, parameters)
        } catch let error as ProviderError {
            throw PipelineError(.provider, error.message)
        }
    }

    nonisolated(nonsending) private func content(of response: ProviderResponse) async throws -> ByteBuffer {
        let limit = HTTPToolExchange.maxResponseBytes
        var content = ByteBuffer()
        while let bytes = try await response.body.next() {
            guard content.readableBytes + bytes.readableBytes <= limit else {
                response.body.giveUp()
                throw PipelineError(.provider, "the answer is longer than \(limit) bytes")
            }
            content.writeImmutableBuffer(bytes)
        }
        return content
    }
}
