// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads a pipeline file and, before it, all that it includes; each file once.
struct IncludeLoader {
    private static let mostFiles = 64

    private let reader: YAMLReader
    private var open: [String] = []
    private var seen: Set<String> = []
    /// The problems found so far.
    private(set) var diagnostics = Diagnostics()

    /// Prepares to read files.
    init(reader: YAMLReader) {
        self.reader = reader
    }

    /// What a file and those that it includes say, the included ones first.
    mutating func load(path: String) -> [PipelineFragment] {
        guard let root = reader.read(path: path, into: &diagnostics) else { return [] }
        return load(root, file: path)
    }

    /// What a text and the files that it includes say, the included ones first.
    mutating func load(text: String, file: String) -> [PipelineFragment] {
        guard let root = reader.read(text, file: file, into: &diagnostics) else { return [] }
        return load(root, file: file)
    }

    private mutating func load(_ root: YAMLNode, file: String) -> [PipelineFragment] {
        let name = Self.canonical(file)
        seen.insert(name)
        open.append(name)
        defer { open.removeLast() }
        let nodes = PipelineFragment.list(root["include"], "include", &diagnostics)
        let included = nodes.enumerated().flatMap { include($1, path: "include[\($0)]") }
        return included + [PipelineFragment(root, &diagnostics)].compactMap(\.self)
    }

    private mutating func include(_ node: YAMLNode, path: String) -> [PipelineFragment] {
        var decoder = ParameterDecoder(path: path)
        let reference = FileReference.decode(node, in: nil, &decoder)
        diagnostics.merge(decoder.diagnostics)
        guard let reference else { return [] }
        let name = Self.canonical(reference.resolved)
        if open.contains(name) {
            let message =
                "\(reference.path.shown) is being read already: the files include each other; remove this line"
            diagnostics.error(message, at: node.mark, path: path)
            return []
        }
        guard !seen.contains(name) else { return [] }
        guard seen.count < Self.mostFiles else {
            diagnostics.error("more than \(Self.mostFiles) files are included; merge some", at: node.mark, path: path)
            return []
        }
        guard let root = reader.read(path: reference.resolved, blaming: node.mark, into: &diagnostics) else {
            return []
        }
        return load(root, file: reference.resolved)
    }

    private static func canonical(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
