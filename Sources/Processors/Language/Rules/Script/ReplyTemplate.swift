// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What the agent says, with `{slot}` where the value of a slot is put in.
struct ReplyTemplate: Sendable, Hashable {
    /// A stretch of the text.
    enum Piece: Sendable, Hashable {
        /// Said as it is.
        case text(String)
        /// The value of a slot.
        case slot(String)
    }

    /// The text as written.
    var text: String
    /// The text in pieces.
    var pieces: [Piece]
    /// Where it stands.
    var mark: SourceMark

    /// Takes a text without slots that is part of the program.
    init(_ text: String) {
        self.text = text
        pieces = [.text(text)]
        mark = SourceMark(file: "built-in")
    }

    /// The names of the slots in it.
    var slots: [String] {
        pieces.compactMap { if case .slot(let name) = $0 { name } else { nil } }
    }

    /// The text with the values put in; it begins with a capital whatever value stands first.
    func filled(with values: [String: SlotValue]) -> String {
        let filled = pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .slot(let name): values[name]?.text ?? ""
            }
        }.joined()
        return filled.prefix(1).uppercased() + filled.dropFirst()
    }
}

extension ReplyTemplate: ParameterValue {
    static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> ReplyTemplate? {
        guard let text = String.decode(node, in: nil, &decoder) else { return nil }
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
            decoder.error("the text has nothing to say; write a sentence", at: node.mark)
            return nil
        }
        guard let pieces = pieces(of: text) else {
            decoder.error("'{' begins the name of a slot and needs its '}'", at: node.mark)
            return nil
        }
        var template = ReplyTemplate(text)
        template.pieces = pieces
        template.mark = node.mark
        return template
    }

    static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType("text with {slot}", json: ["type": "string", "minLength": 1])
    }

    var encoded: JSONValue { .string(text) }

    private static func pieces(of text: String) -> [Piece]? {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "{") {
            guard let end = rest[start...].firstIndex(of: "}") else { return nil }
            if start > rest.startIndex { pieces.append(.text(String(rest[..<start]))) }
            pieces.append(.slot(String(rest[start..<end].dropFirst())))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }
}
