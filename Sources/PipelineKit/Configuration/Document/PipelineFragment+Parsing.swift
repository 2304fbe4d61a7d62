// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension PipelineFragment {
    /// The keys of a pipeline file.
    static let keys = [
        "pipeline", "transports", "limits", "processors", "include", "plugins", "tests", "records", "server",
    ]
    /// The keys that may stand beside a processor's name.
    static let entryKeys = ["id", "after", "queue", "on_error"]
    /// Most entries of a file, so that checks of all against all stay quick.
    static let mostEntries = 1000

    /// Takes a file apart; what it includes is left to the caller.
    ///
    /// - Returns: `nil` if it is no pipeline at all, which is reported.
    init?(_ root: YAMLNode, _ diagnostics: inout Diagnostics) {
        guard let pairs = root.mapping else {
            let remedy = "write 'pipeline: name' and 'processors:'"
            diagnostics.error("expected a pipeline, found \(root.shown); \(remedy)", at: root.mark)
            return nil
        }
        let unknown = pairs.filter { !Self.keys.contains($0.key) }
        for pair in unknown.prefix(Suggestion.mostSuggestions) {
            let remedy = Suggestion.remedy(for: pair.key, among: Self.keys, listing: true)
            diagnostics.error("unknown key\(remedy)", at: pair.keyMark, path: pair.key)
        }
        name = root["pipeline"]
        limits = root["limits"]
        records = root["records"]
        server = root["server"]
        transports = Self.named(root["transports"], "transports", "- file: {}", &diagnostics)
        plugins = Self.named(root["plugins"], "plugins", "- shout: {command: [python3, shout.py]}", &diagnostics)
        tests = Self.list(root["tests"], "tests", &diagnostics)
        processorsMark = root.pair("processors")?.keyMark
        var nodes = Self.list(root["processors"], "processors", &diagnostics)
        if nodes.count > Self.mostEntries {
            let message = "more than \(Self.mostEntries) processors; split the pipeline"
            diagnostics.error(message, at: nodes[Self.mostEntries].mark, path: "processors[\(Self.mostEntries)]")
            nodes.removeSubrange(Self.mostEntries...)
        }
        entries = nodes.enumerated().compactMap { Self.entry($1, path: "processors[\($0)]", &diagnostics) }
        reportDuplicates(&diagnostics)
    }

    /// The elements of a list; none if there is no node.
    static func list(_ node: YAMLNode?, _ path: String, _ diagnostics: inout Diagnostics) -> [YAMLNode] {
        guard let node else { return [] }
        guard let elements = node.sequence else {
            let remedy = node.isNull ? "; remove the key or add '- ...' below it" : "; begin each element with '- '"
            diagnostics.error("expected a list, found \(node.shown)\(remedy)", at: node.mark, path: path)
            return []
        }
        return elements
    }

    /// Mappings of one key each.
    static func named(
        _ node: YAMLNode?, _ path: String, _ example: String, _ diagnostics: inout Diagnostics
    ) -> [NamedNode] {
        var found: [NamedNode] = []
        for (index, element) in list(node, path, &diagnostics).prefix(mostEntries).enumerated() {
            guard let pairs = element.mapping, let pair = pairs.first, pairs.count == 1 else {
                let fact = element.mapping.map { "\($0.count) keys" } ?? element.shown
                let message = "expected one name with its parameters, such as '\(example)', found \(fact)"
                diagnostics.error(
                    message, at: element.mapping?.dropFirst().first?.keyMark ?? element.mark, path: "\(path)[\(index)]")
                continue
            }
            if let first = found.first(where: { $0.name == pair.key }) {
                let message = "\(pair.key.shown) is already at line \(first.mark.line); remove one of the two"
                diagnostics.error(message, at: pair.keyMark, path: "\(path)[\(index)]")
                continue
            }
            found.append(
                NamedNode(name: pair.key, mark: pair.keyMark, parameters: pair.value.isNull ? nil : pair.value))
        }
        return found
    }

    // MARK: Entries

    private static func entry(_ node: YAMLNode, path: String, _ diagnostics: inout Diagnostics) -> Entry? {
        guard let pairs = node.mapping else {
            let remedy = node.scalar.map { $0.value == .null ? "" : "; write '- \($0.text.prefix(40)):'" } ?? ""
            diagnostics.error("expected a processor's name, found \(node.shown)\(remedy)", at: node.mark, path: path)
            return nil
        }
        let names = pairs.filter { !entryKeys.contains($0.key) }
        guard let name = names.first else {
            let message =
                "no processor is named beside \(pairs.map(\.key).listed()); add its name, such as 'silero_vad:'"
            diagnostics.error(message, at: node.mark, path: path)
            return nil
        }
        let entry = Entry(
            name: name.key, mark: name.keyMark, id: id(node, name, path, &diagnostics),
            idMark: node["id"]?.mark ?? name.keyMark, parameters: name.value.isNull ? nil : name.value,
            after: node["after"], queue: node["queue"], onError: node["on_error"])
        for other in names.dropFirst() { reportStray(other, beside: entry, &diagnostics) }
        return entry
    }

    private static func id(
        _ node: YAMLNode, _ name: YAMLPair, _ path: String, _ diagnostics: inout Diagnostics
    ) -> String {
        guard let value = node["id"] else { return name.key }
        guard let id = value.scalar?.text, isName(id) else {
            let expected = "expected an id of letters, digits, '_' and '-'"
            diagnostics.error("\(expected), found \(value.shown)", at: value.mark, path: "\(path).id")
            return name.key
        }
        return id
    }

    /// Whether a text can be a pipeline's name or an id.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }

    private static func reportStray(_ pair: YAMLPair, beside entry: Entry, _ diagnostics: inout Diagnostics) {
        let known = "beside a processor stand only \(entryKeys.listed())"
        let indent = "to make it a parameter of '\(entry.name)', indent it further"
        let remedy = Suggestion.remedy(for: pair.key, among: entryKeys)
        let message = remedy.isEmpty ? "\(known); \(indent)" : "unknown key\(remedy)"
        diagnostics.error(message, at: pair.keyMark, path: "\(entry.id).\(pair.key)")
    }

    private mutating func reportDuplicates(_ diagnostics: inout Diagnostics) {
        var unique: [Entry] = []
        for entry in entries {
            if let first = unique.first(where: { $0.id == entry.id }) {
                let fact = "the id '\(entry.id)' is already taken at line \(first.mark.line)"
                diagnostics.error("\(fact); add another 'id:' to this entry", at: entry.idMark, path: entry.id)
            } else {
                unique.append(entry)
            }
        }
        entries = unique
    }
}
