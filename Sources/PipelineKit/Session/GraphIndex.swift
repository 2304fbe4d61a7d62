// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a session needs to know of its graph, computed once for all sessions of a plan.
final class GraphIndex: Sendable {
    /// A way out of a node.
    struct Link: Sendable {
        let node: Int
        let input: Int
    }

    /// Ways out of each node, in graph order.
    let links: [[Link]]
    /// The one node after a node, when it is the only one and has no other input.
    let direct: [Int?]
    /// Nodes before a node, nearest first.
    let ancestors: [[Int]]
    /// Queued nodes that a node's frames reach without crossing another queue: where its segment ends.
    let exits: [[Int]]
    /// Heads of segments that end at a queued node: sources, services, queued processors.
    let feeders: [[Int]]
    let sources: [Int]

    init(_ plan: PipelinePlan, isQueued: [Bool]) {
        let nodes = plan.nodes
        var links = [[Link]](repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() {
            for (input, feeder) in node.inputs.enumerated() { links[feeder].append(Link(node: index, input: input)) }
        }
        self.links = links
        direct = nodes.indices.map { index in
            guard links[index].count == 1, let link = links[index].first, nodes[link.node].inputs.count == 1 else {
                return nil
            }
            return link.node
        }
        ancestors = nodes.indices.map { Self.ancestors(of: $0, nodes) }
        var exits = [[Int]](repeating: [], count: nodes.count)
        for index in nodes.indices.reversed() {
            var found: Set<Int> = []
            for link in links[index] {
                if isQueued[link.node] { found.insert(link.node) } else { found.formUnion(exits[link.node]) }
            }
            exits[index] = found.sorted()
        }
        self.exits = exits
        var feeders = [[Int]](repeating: [], count: nodes.count)
        for index in nodes.indices where isQueued[index] || nodes[index].inputs.isEmpty {
            for exit in exits[index] { feeders[exit].append(index) }
        }
        self.feeders = feeders
        sources = plan.sources
    }

    private static func ancestors(of index: Int, _ nodes: [NodePlan]) -> [Int] {
        var found: [Int] = []
        var border = nodes[index].inputs
        while !border.isEmpty {
            let level = Set(border).subtracting(found)
            found += level.sorted(by: >)
            border = level.flatMap { nodes[$0].inputs }
        }
        return found
    }
}
