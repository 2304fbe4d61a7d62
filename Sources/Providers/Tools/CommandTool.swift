// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Processors

/// Runs a program for each call: it reads one JSON object from its input, and its output is the result.
///
/// The input is `{"arguments": {...}, "turn": 3, "idempotency_key": "..."}`. The program is started without a shell and
/// with an empty environment but for `PATH`; at its deadline, or when the call is cancelled, it is killed with whatever it
/// has started. It has failed when its status is not 0: then the model is told the first line of its error output.
struct CommandTool: Tool {
    static let name = "command"
    static let summary = "Runs a program: arguments as JSON on its input, the result on its output."

    private static let outputLimitBytes = 1 << 20

    /// What a pipeline file may set.
    struct Parameters: ProcessorParameters {
        var name: String
        var description: String
        var arguments = ToolArguments()
        var program: String
        var programArguments: [String] = []
        var effect = ToolPolicy.Effect.write
        var onInterruption = ToolPolicy.OnInterruption.keep
        var deadline = Duration.seconds(10)

        static let template = Self(name: "book", description: "Books a table.", program: "./book.py")
        static let schema = ParameterSchema<Self>(
            .required("name", \.name, "The name by which the model calls it."),
            .required("description", \.description, "What it does and when to call it, for the model."),
            .optional("arguments", \.arguments, "JSON Schema of the arguments."),
            .required("program", \.program, "The program: a name that is looked for in PATH, or a path."),
            .optional("program_arguments", \.programArguments, "What the program is started with."),
            .optional("effect", \.effect, "Whether it changes anything."),
            .optional(
                "on_interruption", \.onInterruption, "What becomes of a call whose turn is interrupted."),
            .optional(
                "deadline", \.deadline, in: .milliseconds(100) ... .seconds(120),
                "Time that a call may take; then the program is killed."))

        func validate(into issues: inout ParameterIssues) {
            issues.checkTool(name: name, effect, onInterruption)
        }
    }

    private let parameters: Parameters

    init(_ parameters: Parameters) { self.parameters = parameters }

    var definition: ToolDefinition {
        ToolDefinition(
            name: parameters.name, description: parameters.description,
            arguments: parameters.arguments.schema)
    }

    var policy: ToolPolicy {
        ToolPolicy(
            effect: parameters.effect, onInterruption: parameters.onInterruption,
            deadline: parameters.deadline)
    }

    nonisolated(nonsending) func run(
        _ invocation: ToolInvocation, _ output: ServiceOutput
    )
        async throws -> String
    {
        let input: JSONValue = [
            "arguments": invocation.arguments, "turn": .integer(invocation.turn.value),
            "idempotency_key": .string(invocation.idempotencyKey),
        ]
        let program = ChildProcess(
            program: parameters.program, arguments: parameters.programArguments,
            timeLimit: parameters.deadline,
            outputLimitBytes: Self.outputLimitBytes)
        let handle = ChildProcessHandle()
        let bytes = Array(input.description.utf8)
        do {
            let result = try await withTaskCancellationHandler {
                try await output.offload { try program.run(input: bytes, handle: handle) }
            } onCancel: {
                handle.cancel()
            }
            return String(decoding: result, as: UTF8.self)
        } catch ChildProcessError.cancelled {
            throw CancellationError()
        } catch let error as ChildProcessError {
            throw PipelineError(.provider, "\(error)")
        }
    }
}
