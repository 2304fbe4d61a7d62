// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Presses keys at the far end, in their place among what the agent says.
struct SendDTMF: Tool {
    static let name = "send_dtmf"
    static let summary = "Presses keys on the telephone, in their place among what the agent says."

    private static let keys = "0123456789*#w"
    private static let maxLength = 64

    init(_ parameters: NoParameters) {}

    var policy: ToolPolicy { ToolPolicy(effect: .write) }

    var definition: ToolDefinition {
        ToolDefinition(
            name: Self.name,
            description: "Presses keys on the telephone, for menus and extensions.",
            arguments: [
                "type": "object",
                "properties": [
                    "keys": [
                        "type": "string", "minLength": 1, "maxLength": .integer(Self.maxLength),
                        "description": "The keys 0 to 9, * and #; w waits half a second.",
                    ]
                ], "required": ["keys"], "additionalProperties": false,
            ])
    }

    nonisolated(nonsending) func run(_ invocation: ToolInvocation, _ output: ServiceOutput) async throws -> String {
        let keys = invocation.arguments["keys"]?.text ?? ""
        guard keys.allSatisfy(Self.keys.contains) else {
            throw PipelineError(.badInput, "only the keys 0 to 9, *, # and w can be pressed")
        }
        try await output.emit(KeysToPress(keys))
        return "The keys are pressed."
    }
}
