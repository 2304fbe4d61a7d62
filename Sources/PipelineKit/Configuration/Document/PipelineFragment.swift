// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What one file says, before it is merged with others.
struct PipelineFragment {
    /// One entry of `processors:`, its parts not yet understood.
    struct Entry {
        /// The processor's name, and where it stands.
        var name: String
        var mark: SourceMark
        /// The id, by default the name, and where it stands.
        var id: String
        var idMark: SourceMark
        /// What stands behind the name and beside it.
        var parameters: YAMLNode?
        var after: YAMLNode?
        var queue: YAMLNode?
        var onError: YAMLNode?
    }

    /// `pipeline:`.
    var name: YAMLNode?
    /// `transports:`, each name once.
    var transports: [NamedNode] = []
    /// `limits:`.
    var limits: YAMLNode?
    /// `processors:`, each id once.
    var entries: [Entry] = []
    /// Where `processors:` stands, in the file that has it last.
    var processorsMark: SourceMark?
    /// `plugins:`, each name once.
    var plugins: [NamedNode] = []
    /// `tests:`.
    var tests: [YAMLNode] = []
    /// `records:`.
    var records: YAMLNode?
    /// `server:`.
    var server: YAMLNode?

    /// This fragment with a later one on top: single values, limits, records, and all that has a name or an id are replaced where
    /// they stood, the rest is appended.
    func merging(_ later: Self) -> Self {
        var merged = self
        merged.name = later.name ?? name
        merged.records = Self.merging(records, later.records)
        merged.server = Self.merging(server, later.server)
        merged.limits = Self.merging(limits, later.limits)
        merged.processorsMark = later.processorsMark ?? processorsMark
        merged.transports.replaceOrAppend(later.transports, by: \.name)
        merged.plugins.replaceOrAppend(later.plugins, by: \.name)
        merged.entries.replaceOrAppend(later.entries, by: \.id)
        merged.tests += later.tests
        return merged
    }

    /// Substitutes variables in every value.
    mutating func substitute(_ substitution: inout VariableSubstitution) {
        substitution.apply(to: &limits, path: "limits")
        substitution.apply(to: &records, path: "records")
        substitution.apply(to: &server, path: "server")
        for index in transports.indices {
            substitution.apply(to: &transports[index].parameters, path: transports[index].name)
        }
        for index in plugins.indices {
            substitution.apply(to: &plugins[index].parameters, path: plugins[index].name)
        }
        for index in entries.indices {
            let id = entries[index].id
            substitution.apply(to: &entries[index].parameters, path: id)
            substitution.apply(to: &entries[index].queue, path: "\(id).queue")
            substitution.apply(to: &entries[index].onError, path: "\(id).on_error")
        }
        tests = tests.enumerated().map { substitution.applied(to: $1, path: "tests[\($0)]") }
    }

    private static func merging(_ earlier: YAMLNode?, _ later: YAMLNode?) -> YAMLNode? {
        guard let below = earlier?.mapping, var node = later, let above = node.mapping else { return later ?? earlier }
        let kept = below.filter { pair in !above.contains { $0.key == pair.key } }
        node.content = .mapping(kept + above)
        return node
    }
}

extension Array {
    /// Puts each element in the place of one that was here before with the same name, or behind all others.
    fileprivate mutating func replaceOrAppend(_ others: [Element], by name: KeyPath<Element, String>) {
        let before = Dictionary(indices.map { (self[$0][keyPath: name], $0) }) { first, _ in first }
        for other in others {
            if let index = before[other[keyPath: name]] { self[index] = other } else { append(other) }
        }
    }
}
