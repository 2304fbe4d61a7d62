// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Builds the node tree of one document from events, within limits, and goes on where it can so that all problems of a
/// file are found at once.
struct YAMLComposer {
    /// The end of reading: what was wrong has been reported.
    struct Stop: Error {}

    private let events: YAMLEvents
    private let source: SourceText
    private let file: String
    private let limits: YAMLLimits
    private var anchors: [String: (node: YAMLNode, weight: Int)] = [:]
    private var openAnchors: Set<String> = []
    private var nodeCount = 0

    /// The problems found so far.
    private(set) var diagnostics = Diagnostics()

    /// Prepares to read.
    ///
    /// - Parameters:
    ///   - bytes: Valid UTF-8 without NUL and without a byte order mark.
    ///   - source: The same text, for places that libyaml gives as offsets.
    init(_ bytes: some Collection<UInt8>, source: SourceText, file: String, limits: YAMLLimits) {
        events = YAMLEvents(bytes)
        self.source = source
        self.file = file
        self.limits = limits
    }

    /// Reads the only document.
    ///
    /// - Returns: Its root.
    mutating func document() throws(Stop) -> YAMLNode {
        guard case .documentStart = try next().event else {
            diagnostics.error("the file is empty", at: SourceMark(file: file))
            throw Stop()
        }
        let root = try node(from: try next(), depth: 0)
        _ = try next()
        let after = try next()
        if case .documentStart = after.event {
            let remedy = "a file holds one, so remove '---' or split the file"
            diagnostics.error("a second document begins here; \(remedy)", at: after.mark)
        }
        return root
    }

    // MARK: Nodes

    private typealias Item = (event: YAMLEvent, mark: SourceMark)

    private mutating func next() throws(Stop) -> Item {
        do {
            let found = try events.next()
            return (found.event, SourceMark(file: file, line: found.line + 1, column: found.column + 1))
        } catch {
            diagnostics.add(error.diagnostic(in: source, file: file))
            throw Stop()
        }
    }

    private mutating func node(from item: Item, depth: Int) throws(Stop) -> YAMLNode {
        switch item.event {
        case .alias(let name): return try resolve(name, at: item.mark)
        case .scalar(let scalar, let anchor):
            try count(1, at: item.mark)
            check(scalar, at: item.mark)
            let node = YAMLNode(.scalar(scalar), at: item.mark)
            if let anchor { anchors[anchor] = (node, 1) }
            return node
        case .sequenceStart(let anchor, let tag):
            checkTag(tag, is: "seq", at: item.mark)
            return try collection(anchor, at: item.mark, depth: depth) { composer, depth throws(Stop) in
                .sequence(try composer.elements(depth))
            }
        case .mappingStart(let anchor, let tag):
            checkTag(tag, is: "map", at: item.mark)
            return try collection(anchor, at: item.mark, depth: depth) { composer, depth throws(Stop) in
                .mapping(try composer.pairs(depth))
            }
        case .documentStart, .documentEnd, .streamEnd, .sequenceEnd, .mappingEnd:
            throw Stop()
        }
    }

    private mutating func collection(
        _ anchor: String?, at mark: SourceMark, depth: Int,
        _ body: (inout Self, Int) throws(Stop) -> YAMLNode.Content
    ) throws(Stop) -> YAMLNode {
        guard depth < limits.depth else {
            diagnostics.error("nested deeper than \(limits.depth) levels; make the structure flatter", at: mark)
            throw Stop()
        }
        try count(1, at: mark)
        let before = nodeCount - 1
        let isNew = anchor.map { openAnchors.insert($0).inserted } ?? false
        let node = YAMLNode(try body(&self, depth + 1), at: mark)
        if let anchor {
            if isNew { openAnchors.remove(anchor) }
            anchors[anchor] = (node, nodeCount - before)
        }
        return node
    }

    private mutating func elements(_ depth: Int) throws(Stop) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let item = try next()
            if case .sequenceEnd = item.event { return elements }
            elements.append(try node(from: item, depth: depth))
        }
    }

    private mutating func pairs(_ depth: Int) throws(Stop) -> [YAMLPair] {
        var mapping = YAMLMappingBuilder()
        while true {
            let item = try next()
            if case .mappingEnd = item.event { return mapping.finish(&diagnostics) }
            let key = try node(from: item, depth: depth)
            let value = try node(from: try next(), depth: depth)
            mapping.add(key, value, &diagnostics)
        }
    }

    // MARK: Aliases and budget

    private mutating func resolve(_ name: String, at mark: SourceMark) throws(Stop) -> YAMLNode {
        if let anchor = anchors[name], !openAnchors.contains(name) {
            try count(anchor.weight, at: mark)
            return anchor.node
        }
        if openAnchors.contains(name) {
            diagnostics.error("'*\(name)' stands inside what it refers to; that would never end", at: mark)
        } else {
            let remedy = Suggestion.remedy(for: name, among: anchors.keys)
            diagnostics.error("'*\(name)' refers to no '&\(name)' above it\(remedy)", at: mark)
        }
        return YAMLNode(.scalar(YAMLScalar("")), at: mark)
    }

    private mutating func count(_ nodes: Int, at mark: SourceMark) throws(Stop) {
        nodeCount += nodes
        guard nodeCount > limits.nodes else { return }
        diagnostics.error(
            "more than \(limits.nodes) values, those repeated by aliases included; make the file smaller", at: mark)
        throw Stop()
    }

    // MARK: Tags

    private mutating func check(_ scalar: YAMLScalar, at mark: SourceMark) {
        guard let tag = scalar.tag else { return }
        if !YAMLScalar.knownTags.contains(tag) {
            diagnostics.error("unknown tag \(tag.shown); remove it", at: mark)
        } else if YAMLScalar.tagged(scalar.text, tag) == nil {
            let type = tag.split(separator: ":").last ?? ""
            diagnostics.error("\(scalar.text.shown) is not what its tag '!!\(type)' says; remove the tag", at: mark)
        }
    }

    private mutating func checkTag(_ tag: String?, is name: String, at mark: SourceMark) {
        guard let tag, tag != "tag:yaml.org,2002:\(name)", tag != "!" else { return }
        diagnostics.error("unknown tag \(tag.shown); remove it", at: mark)
    }
}
