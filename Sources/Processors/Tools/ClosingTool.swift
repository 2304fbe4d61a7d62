// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A tool that ends the call: not when the model calls it, but once what the model says with it has been heard.
///
/// A caller who breaks in before has not ended the call, and the model is told so.
protocol ClosingTool: Tool {
    /// What is said if the model says nothing.
    var farewell: String { get }
    /// What the transport is to know when the call ends.
    func handOff(_ invocation: ToolInvocation) -> HandOff?
}

extension ClosingTool {
    var policy: ToolPolicy { ToolPolicy(effect: .write, onInterruption: .cancel) }
    func handOff(_ invocation: ToolInvocation) -> HandOff? { nil }

    nonisolated(nonsending) func run(_ invocation: ToolInvocation, _ output: ServiceOutput) async throws -> String {
        throw PipelineError(.bug, "ends with the reply, and is not run")
    }
}

/// Ends the call.
struct EndCall: ClosingTool {
    static let name = "end_call"
    static let summary = "Ends the call once the goodbye has been heard."

    /// What a pipeline file may set.
    struct Parameters: ProcessorParameters {
        var farewell = "Goodbye."
        var description = "Ends the call. Say goodbye in the same answer; the call ends once that has been heard."

        static let template = Self()
        static let schema = ParameterSchema<Self>(
            .optional("farewell", \.farewell, "What is said if the model ends the call without a word."),
            .optional("description", \.description, "What the model is told about it."))
    }

    private let parameters: Parameters

    init(_ parameters: Parameters) { self.parameters = parameters }

    var farewell: String { parameters.farewell }

    var definition: ToolDefinition {
        ToolDefinition(
            name: Self.name, description: parameters.description,
            arguments: ["type": "object", "properties": [:], "additionalProperties": true])
    }
}

/// Hands the call over to a person.
struct TransferCall: ClosingTool {
    static let name = "transfer_call"
    static let summary = "Hands the call over to a person once what the agent says with it has been heard."

    /// What a pipeline file may set.
    struct Parameters: ProcessorParameters {
        var farewell = "One moment, I will put you through."
        var description =
            "Puts the caller through to a person. Tell the caller so in the same answer; it is the last one."

        static let template = Self()
        static let schema = ParameterSchema<Self>(
            .optional("farewell", \.farewell, "What is said if the model transfers the call without a word."),
            .optional("description", \.description, "What the model is told about it."))
    }

    private let parameters: Parameters

    init(_ parameters: Parameters) { self.parameters = parameters }

    var farewell: String { parameters.farewell }

    var definition: ToolDefinition {
        ToolDefinition(
            name: Self.name, description: parameters.description,
            arguments: [
                "type": "object",
                "properties": [
                    "summary": ["type": "string", "description": "What the person should know.", "maxLength": 2000]
                ], "required": ["summary"],
            ])
    }

    func handOff(_ invocation: ToolInvocation) -> HandOff? {
        HandOff(data: invocation.arguments["summary"]?.text ?? "")
    }
}
