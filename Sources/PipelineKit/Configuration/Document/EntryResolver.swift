// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Understands the parts of entries and resolves what they refer to.
struct EntryResolver {
    private static let policies = ["continue", "restart", "failover", "end"]
    private static let answerLimits = ParameterRange(
        lower: Duration.milliseconds(50), upper: Duration.seconds(60))

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
        let onError = decoder.key("on_error") { policy(entry.onError, &$0) }
        let errorsBefore = decoder.diagnostics.errorCount
        let after = decoder.key("after") { self.after(index, &$0) }
        return PipelineEntry(
            name: entry.name, mark: entry.mark, id: entry.id, idMark: entry.idMark, after: after,
            hasUnknownInputs: decoder.diagnostics.errorCount > errorsBefore, queue: queue ?? QueueParameters(),
            onError: onError.policy, alternatives: onError.alternatives, answerWithin: onError.answerWithin,
            parameters: entry.parameters)
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

    /// What `on_error:` says.
    private struct OnError {
        var policy: ErrorPolicy?
        var alternatives: [NamedNode] = []
        var answerWithin: Duration?
    }

    private func policy(_ node: YAMLNode?, _ decoder: inout ParameterDecoder) -> OnError {
        guard let node else { return OnError() }
        if let pairs = node.mapping { return policy(pairs, node, &decoder) }
        switch node.scalar?.text {
        case "continue": return OnError(policy: .continue)
        case "restart": return OnError(policy: RestartParameters.template.policy)
        case "end": return OnError(policy: .end)
        case "failover":
            let example = "write 'on_error: {failover: [{espeak_tts: {}}]}'"
            decoder.error("failover needs something to take the place; \(example)", at: node.mark)
        default: reportUnknown(node, &decoder)
        }
        return OnError()
    }

    private func policy(_ pairs: [YAMLPair], _ node: YAMLNode, _ decoder: inout ParameterDecoder) -> OnError {
        let limit = pairs.first { $0.key == "answer_within" }
        let choices = pairs.filter { $0.key != "answer_within" }
        guard let pair = choices.first, choices.count == 1, pairs.count - choices.count <= 1 else {
            decoder.reportMismatch("one of \(Self.policies.listed("or"))", node)
            return OnError()
        }
        if let limit, pair.key != "failover" {
            decoder.error("answer_within needs 'failover' beside it: somebody to answer instead", at: limit.keyMark)
        }
        switch pair.key {
        case "restart":
            let restart = decoder.key("restart") { RestartParameters.decode(pair.value, in: nil, &$0) }
            return OnError(policy: restart?.policy)
        case "failover":
            var diagnostics = Diagnostics()
            let alternatives = PipelineFragment.named(
                pair.value, "\(decoder.path).failover", "- espeak_tts: {}", &diagnostics)
            if alternatives.isEmpty, !diagnostics.hasErrors {
                let message = "the list is empty; add '- espeak_tts: {}'"
                diagnostics.error(message, at: pair.value.mark, path: "\(decoder.path).failover")
            }
            decoder.merge(diagnostics)
            let answerWithin = limit.flatMap { limit in
                decoder.key("answer_within") { Duration.decode(limit.value, in: Self.answerLimits, &$0) }
            }
            return OnError(
                policy: alternatives.isEmpty ? nil : .failover, alternatives: alternatives, answerWithin: answerWithin)
        default:
            reportUnknown(YAMLNode(.scalar(YAMLScalar(pair.key)), at: pair.keyMark), &decoder)
            return OnError()
        }
    }

    private func reportUnknown(_ node: YAMLNode, _ decoder: inout ParameterDecoder) {
        let remedy = node.scalar.map { Suggestion.remedy(for: $0.text, among: Self.policies) } ?? ""
        decoder.reportMismatch(Self.policies.listed("or"), remedy: remedy, node)
    }
}
