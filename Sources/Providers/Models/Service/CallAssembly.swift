// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Joins the pieces in which a model sends what it wants called.
///
/// Bounded: more calls, or longer arguments, than anybody means are an error.
struct CallAssembly: Sendable {
    private static let mostCalls = 64
    private static let longestArguments = 256 * 1024

    private struct Part: Sendable {
        var index: Int
        var id = ""
        var name = ""
        var arguments = ""
    }

    private let prefix: String
    private var parts: [Part] = []

    init(prefix: String) { self.prefix = prefix }

    /// Whether a call has begun at an index.
    func has(_ index: Int) -> Bool { parts.contains { $0.index == index } }

    /// Takes a piece of the call at an index.
    ///
    /// Another id at the same index is another call: some services number all of theirs 0. A name that comes again is
    /// the same name.
    mutating func take(
        index: Int, id: String? = nil, name: String? = nil, arguments: String? = nil
    ) throws(ProviderError) {
        var place = parts.lastIndex { $0.index == index }
        if let held = place, let id, !id.isEmpty, !parts[held].id.isEmpty, parts[held].id != id { place = nil }
        let part: Int
        if let place {
            part = place
        } else {
            guard parts.count < Self.mostCalls else {
                throw ProviderError(.malformed, "the model makes more than \(Self.mostCalls) calls at once")
            }
            parts.append(Part(index: index))
            part = parts.count - 1
        }
        if let id, !id.isEmpty { parts[part].id = id }
        if let name, parts[part].name.isEmpty { parts[part].name = name }
        guard let arguments else { return }
        guard parts[part].arguments.utf8.count + arguments.utf8.count <= Self.longestArguments else {
            throw ProviderError(.malformed, "the arguments of a call are longer than \(Self.longestArguments) bytes")
        }
        parts[part].arguments += arguments
    }

    /// Replaces the arguments of a call by what the service says that they are.
    mutating func settle(index: Int, arguments: String) throws(ProviderError) {
        if let place = parts.lastIndex(where: { $0.index == index }) { parts[place].arguments = "" }
        try take(index: index, arguments: arguments)
    }

    /// The calls, in the order in which they began; whether their arguments make sense is for whoever runs them.
    func calls() throws(ProviderError) -> [ToolCall] {
        var calls: [ToolCall] = []
        for (number, part) in parts.enumerated() {
            guard !part.name.isEmpty else { throw ProviderError(.malformed, "the model makes a call without a name") }
            calls.append(
                ToolCall(
                    id: part.id.isEmpty ? "\(prefix)_\(number)" : part.id, name: part.name,
                    arguments: part.arguments.isEmpty ? "{}" : part.arguments))
        }
        return calls
    }
}
