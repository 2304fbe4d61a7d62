// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Gathers the pairs of one mapping: reports keys that occur twice and applies merge keys (`<<`).
struct YAMLMappingBuilder {
    private var pairs: [YAMLPair] = []
    private var places: [String: SourceMark] = [:]
    private var merged: [YAMLNode] = []

    /// Adds a pair.
    ///
    /// Of a key that occurs twice the first value stays.
    mutating func add(_ key: YAMLNode, _ value: YAMLNode, _ diagnostics: inout Diagnostics) {
        guard let scalar = key.scalar else {
            return diagnostics.error("a key must be text, not \(key.shown)", at: key.mark)
        }
        if scalar.isPlain, scalar.text == "<<" {
            return merged.append(value)
        }
        guard !scalar.text.isEmpty else {
            return diagnostics.error("a key is missing before ':'", at: key.mark)
        }
        if let first = places[scalar.text] {
            let message = "the key \(scalar.text.shown) is already at line \(first.line); remove one of the two"
            return diagnostics.error(message, at: key.mark)
        }
        places[scalar.text] = key.mark
        pairs.append(YAMLPair(key: scalar.text, keyMark: key.mark, value: value))
    }

    /// The pairs, and behind them those of the merge keys that the mapping does not have itself; of several merged
    /// mappings an earlier one wins.
    mutating func finish(_ diagnostics: inout Diagnostics) -> [YAMLPair] {
        for node in merged.flatMap({ $0.sequence ?? [$0] }) {
            guard let others = node.mapping else {
                diagnostics.error("'<<' takes a mapping or a list of mappings, not \(node.shown)", at: node.mark)
                continue
            }
            for pair in others where places[pair.key] == nil {
                places[pair.key] = pair.keyMark
                pairs.append(pair)
            }
        }
        return pairs
    }
}
