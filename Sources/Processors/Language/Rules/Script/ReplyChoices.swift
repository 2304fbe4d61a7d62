// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// One text, or several that are said in turn.
struct ReplyChoices: Sendable, Hashable {
    /// The texts; at least one.
    var templates: [ReplyTemplate]

    /// Takes texts without slots that are part of the program.
    init(_ texts: String...) {
        templates = texts.map { ReplyTemplate($0) }
    }

    /// The text for the nth time, counted from 0; after the last comes the first.
    func template(_ count: Int) -> ReplyTemplate { templates[count % templates.count] }
}

extension ReplyChoices: ParameterValue {
    static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> ReplyChoices? {
        var choices = ReplyChoices()
        if node.sequence == nil {
            guard let template = ReplyTemplate.decode(node, in: nil, &decoder) else { return nil }
            choices.templates = [template]
            return choices
        }
        guard let templates = [ReplyTemplate].decode(node, in: nil, &decoder) else { return nil }
        guard !templates.isEmpty else { return decoder.mismatch("at least one text", node) }
        choices.templates = templates
        return choices
    }

    static func type(in range: ParameterRange<Never>?) -> ParameterType {
        let one = ReplyTemplate.type(in: nil)
        let several: JSONValue = ["type": "array", "items": one.json, "minItems": 1]
        return ParameterType("text, or list of texts", json: ["anyOf": [one.json, several]])
    }

    var encoded: JSONValue {
        templates.count == 1 ? templates[0].encoded : .array(templates.map(\.encoded))
    }
}
