// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Makes up sentences of a JSGF grammar that has neither weights nor repetitions.
struct GrammarSampler {
    private var rules: [String: [Substring]] = [:]

    /// Reads a grammar.
    init(_ grammar: String) {
        for line in grammar.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "="), let start = line.firstIndex(of: "<") else { continue }
            let name = line[start..<equals].split(separator: " ")[0]
            rules[String(name)] = Self.tokens(line[equals...].dropFirst().dropLast())
        }
    }

    /// A sentence of a rule, or nil if the grammar lacks a rule or a bracket.
    func sentence(_ rule: String = "<utterance>", using generator: inout some RandomNumberGenerator) -> String? {
        guard let tokens = rules[rule] else { return nil }
        var rest = tokens[...]
        let sentence = choice(&rest, &generator)
        return rest.isEmpty ? sentence : nil
    }

    private static func tokens(_ text: Substring) -> [Substring] {
        var tokens: [Substring] = []
        var rest = text
        while let first = rest.first {
            let length = "()[]|".contains(first) ? 1 : rest.prefix { !" ()[]|".contains($0) }.count
            if length > 0 { tokens.append(rest.prefix(length)) }
            rest = rest.dropFirst(max(1, length))
        }
        return tokens
    }

    private func choice(_ rest: inout ArraySlice<Substring>, _ generator: inout some RandomNumberGenerator) -> String? {
        var branches = [sequence(&rest, &generator)]
        while rest.first == "|" {
            rest.removeFirst()
            branches.append(sequence(&rest, &generator))
        }
        let sentences = branches.compactMap(\.self)
        return sentences.count == branches.count ? sentences.randomElement(using: &generator) : nil
    }

    private func sequence(_ rest: inout ArraySlice<Substring>, _ generator: inout some RandomNumberGenerator) -> String?
    {
        var words: [String] = []
        while let token = rest.first, !["|", ")", "]"].contains(token) {
            rest.removeFirst()
            switch token {
            case "(", "[":
                guard let inner = choice(&rest, &generator), rest.popFirst() == (token == "(" ? ")" : "]") else {
                    return nil
                }
                if token == "(" || Bool.random(using: &generator) { words.append(inner) }
            case _ where token.hasPrefix("<"):
                guard let inner = sentence(String(token), using: &generator) else { return nil }
                words.append(inner)
            default: words.append(String(token))
            }
        }
        return words.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
