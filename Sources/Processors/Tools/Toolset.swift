// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The functions of a session by name, and what a call of the model amounts to.
struct Toolset {
    /// A call that can be run, or why it cannot.
    enum Resolution {
        case run(any Tool, ToolExecution.Key, JSONValue)
        case refuse(String)
    }

    private static let maxTools = 128
    private static let maxArgumentBytes = 65_536

    private(set) var definitions: [ToolDefinition] = []
    private var tools: [String: any Tool] = [:]

    /// Adds a tool.
    ///
    /// - Throws: When its name cannot be used.
    mutating func add(_ tool: any Tool) throws(PipelineError) {
        let definition = tool.definition
        guard tools[definition.name] == nil else {
            throw PipelineError(.badInput, "two tools are called '\(definition.name)'; give one another name")
        }
        guard Self.isName(definition.name) else {
            throw PipelineError(
                .badInput, "'\(definition.name)' is no name for a tool; use at most 64 letters, digits, '_' and '-'")
        }
        guard definitions.count < Self.maxTools else {
            throw PipelineError(.overload, "there are more than \(Self.maxTools) tools; name fewer")
        }
        tools[definition.name] = tool
        definitions.append(definition)
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }

    /// What a call amounts to.
    func resolve(_ call: ToolCall) -> Resolution {
        guard let tool = tools[call.name] else {
            let names = definitions.map(\.name).joined(separator: ", ")
            return .refuse("There is no tool of this name; there are: \(names).")
        }
        guard call.arguments.utf8.count <= Self.maxArgumentBytes else { return .refuse("The arguments are too long.") }
        let isEmpty = call.arguments.allSatisfy(\.isWhitespace)
        guard let arguments = isEmpty ? [:] : try? JSONValue(parsing: call.arguments.utf8, maxDepth: 32) else {
            return .refuse("The arguments are not valid JSON; write one JSON object.")
        }
        guard case .object(let members) = arguments else {
            return .refuse("The arguments must be one JSON object.")
        }
        guard Set(members.map(\.key)).count == members.count else {
            return .refuse("An argument is there twice; name each once.")
        }
        if let problem = ArgumentCheck.problem(arguments, tool.definition.arguments) { return .refuse("\(problem).") }
        return .run(tool, .init(name: call.name, arguments: arguments.canonical.description), arguments)
    }
}
