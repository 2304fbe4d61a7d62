// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Understands the parts of entries and resolves what they refer to.
struct EntryResolver {
    private static let policies = ["continue", "restart", "failover", "end"]

    private let entries: [PipelineFragment.Entry]
    private let ids: Set<String>

    /// Prepares to resolve the entries of a whole pipeline.
    init(_ entries: [PipelineFragment.Entry]) {
        self.entries = entries
        ids = Set(entries.map(\.id))
    }

    /// The entries; unknown references and cycles are reported.
    func resolve(_ decoder: inout ParameterDecoder) -> [PipelineEntry] {
        let resolved = entries.indices.map { index in
            decoder.key(entries[index].id) { entry(index, &$0) }
        }
        CycleFinder(resolved).report(&decoder)
        return resolved
    }

    private func entry(_ index: Int, _ decoder: inout ParameterDecoder) -> PipelineEntry {
        let entry = entries[index]
        let queue = decoder.key("queue") { QueueParameters.schema.decode(entry.queue, at: entry.mark, &$0) }
        let (onError, alternatives) = decoder.key("on_error") { policy(entry.onError, &$0) }
        let errorsBefore = decoder.diagnostics.errorCount
        let after = decoder.key("after") { self.after(index, &$0) }
        return PipelineEntry(
            name: entry.name, mark: entry.mark, id: entry.id, idMark: entry.idMark, after: after,
            hasUnknownInputs: decoder.diagnostics.errorCount > errorsBefore, queue: queue ?? QueueParameters(),
            onError: onError, alternatives: alternatives, parameters: entry.parameters)
    }

    // MARK: after

    private func after(_ index: Int, _ decoder: inout ParameterDecoder) -> [PipelineEntry.Reference] {
        guard let node = entries[index].after else {
            guard index > 0 else { return [] }
            return [PipelineEntry.Reference(id: entries[index - 1].id, mark: entries[index].mark)]
        }
        var found: [PipelineEntry.Reference] = []
        for element in node.sequence ?? [node] {
            guard let id = element.scalar?.text, !element.isNull else {
                decoder.reportMismatch("an id or a list of ids", element)
                continue
            }
            guard ids.contains(id) else {
                let remedy = Suggestion.remedy(for: id, among: ids, listing: true)
                decoder.error("no processor has the id \(id.shown)\(remedy)", at: element.mark)
                continue
            }
            if found.contains(where: { $0.id == id }) {
                decoder.error("'\(id)' occurs twice; remove one of the two", at: element.mark)
                continue
            }
            found.append(PipelineEntry.Reference(id: id, mark: element.mark))
        }
        return found
    }

    // MARK: on_error

    private func policy(_ node: YAMLNode?, _ decoder: inout ParameterDecoder) -> (ErrorPolicy?, [NamedNode]) {
        guard let node else { return (nil, []) }
        if let pairs = node.mapping { return policy(pairs, node, &decoder) }
        switch node.scalar?.text {
        case "continue": return (.continue, [])
        case "restart": return (RestartParameters.template.policy, [])
        case "end": return (.end, [])
        case "failover":
            let example = "write 'on_error: {failover: [{espeak_tts: {}}]}'"
            decoder.error("failover needs something to take the place; \(example)", at: node.mark)
        default: reportUnknown(node, &decoder)
        }
        return (nil, [])
    }

    private func policy(
        _ pairs: [YAMLPair], _ node: YAMLNode, _ decoder: inout ParameterDecoder
    ) -> (ErrorPolicy?, [NamedNode]) {
        guard let pair = pairs.first, pairs.count == 1 else {
            decoder.reportMismatch("one of \(Self.policies.listed("or"))", node)
            return (nil, [])
        }
        switch pair.key {
        case "restart":
            let restart = decoder.key("restart") { RestartParameters.decode(pair.value, in: nil, &$0) }
            return (restart?.policy, [])
        case "failover":
            var diagnostics = Diagnostics()
            let alternatives = PipelineFragment.named(
                pair.value, "\(decoder.path).failover", "- espeak_tts: {}", &diagnostics)
            if alternatives.isEmpty, !diagnostics.hasErrors {
                let message = "the list is empty; add '- espeak_tts: {}'"
                diagnostics.error(message, at: pair.value.mark, path: "\(decoder.path).failover")
            }
            decoder.merge(diagnostics)
            return (alternatives.isEmpty ? nil : .failover, alternatives)
        default:
            reportUnknown(YAMLNode(.scalar(YAMLScalar(pair.key)), at: pair.keyMark), &decoder)
            return (nil, [])
        }
    }

    private func reportUnknown(_ node: YAMLNode, _ decoder: inout ParameterDecoder) {
        let remedy = node.scalar.map { Suggestion.remedy(for: $0.text, among: Self.policies) } ?? ""
        decoder.reportMismatch(Self.policies.listed("or"), remedy: remedy, node)
    }
}
