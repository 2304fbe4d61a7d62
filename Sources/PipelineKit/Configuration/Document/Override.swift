// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A value that the command line sets: `brain.temperature=0.2`.
///
/// What is set is a parameter of a processor, by its id, or what stands beside it: `brain.queue.capacity=8`,
/// `brain.on_error=restart`, `speaker.after=[caller]`; of a section, such as `limits.idle=10s`; or a parameter of a transport, by its name.
/// Places in the text are those of the pseudo-file `--set`, one line for each override.
struct Override {
    private let text: String
    private let number: Int

    /// Takes the text of an override.
    ///
    /// - Parameter number: Which of the overrides it is, from 1.
    init(_ text: String, number: Int) {
        self.text = text
        self.number = number
    }

    /// Sets the value, or reports why it cannot be set.
    func apply(to fragment: inout PipelineFragment, _ diagnostics: inout Diagnostics) {
        let path = text.prefix { $0 != "=" }
        let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.count < text.count, keys.count >= 2, keys.count <= 16, !keys.contains(""),
            !text.contains(where: \.isNewline)
        else {
            return diagnostics.error("expected 'id.parameter=value' on one line, found \(text.shown)", at: mark())
        }
        guard let value = value(column: path.unicodeScalars.count + 2, &diagnostics) else { return }
        let rest = keys.dropFirst()
        if let index = fragment.entries.firstIndex(where: { $0.id == keys[0] }) {
            let beside = rest.dropFirst()
            switch rest.first {
            case "queue": set(value, beside, in: &fragment.entries[index].queue, keys, &diagnostics)
            case "on_error": set(value, beside, in: &fragment.entries[index].onError, keys, &diagnostics)
            case "after": set(value, beside, in: &fragment.entries[index].after, keys, &diagnostics)
            default: set(value, rest, in: &fragment.entries[index].parameters, keys, &diagnostics)
            }
        } else if keys[0] == "limits" {
            set(value, rest, in: &fragment.limits, keys, &diagnostics)
        } else if keys[0] == "records" {
            set(value, rest, in: &fragment.records, keys, &diagnostics)
        } else if keys[0] == "server" {
            set(value, rest, in: &fragment.server, keys, &diagnostics)
        } else if let index = fragment.transports.firstIndex(where: { $0.name == keys[0] }) {
            set(value, rest, in: &fragment.transports[index].parameters, keys, &diagnostics)
        } else {
            let known = fragment.entries.map(\.id) + fragment.transports.map(\.name) + ["limits", "records", "server"]
            let remedy = Suggestion.remedy(for: keys[0], among: known, listing: true)
            diagnostics.error("no processor has the id \(keys[0].shown)\(remedy)", at: mark(), path: keys[0])
        }
    }

    private func mark(column: Int = 1) -> SourceMark { SourceMark(file: "--set", line: number, column: column) }

    /// The text behind `=`, read as YAML at its place.
    private func value(column: Int, _ diagnostics: inout Diagnostics) -> YAMLNode? {
        let value = String(text.unicodeScalars.dropFirst(column - 1))
        guard value.contains(where: { $0 != " " }) else {
            return YAMLNode(.scalar(YAMLScalar("")), at: mark(column: column))
        }
        let margin = String(repeating: "\n", count: number - 1) + String(repeating: " ", count: column - 1)
        var found = Diagnostics()
        let node = YAMLReader().read(margin + value, file: "--set", into: &found)
        for var diagnostic in found.all {
            // What is not closed is missed on the line below.
            if diagnostic.mark.line != number { diagnostic.mark = mark(column: text.unicodeScalars.count + 1) }
            diagnostics.add(diagnostic)
        }
        return node
    }

    private func set(
        _ value: YAMLNode, _ keys: ArraySlice<String>, in node: inout YAMLNode?, _ path: [String],
        _ diagnostics: inout Diagnostics
    ) {
        guard let key = keys.first else {
            node = value
            return
        }
        var mapping = node ?? YAMLNode(.mapping([]), at: mark())
        if mapping.isNull { mapping.content = .mapping([]) }
        guard var pairs = mapping.mapping else {
            let name = path.dropLast(keys.count).joined(separator: ".")
            return diagnostics.error(
                "\(name.shown) is \(mapping.shown); it has no \(key.shown)", at: mark(), path: name)
        }
        let index = pairs.firstIndex { $0.key == key }
        var inner = index.map { pairs[$0].value }
        set(value, keys.dropFirst(), in: &inner, path, &diagnostics)
        guard let inner else { return }
        let pair = YAMLPair(key: key, keyMark: mark(), value: inner)
        if let index { pairs[index] = pair } else { pairs.append(pair) }
        mapping.content = .mapping(pairs)
        node = mapping
    }
}
