// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import PipelineKit

@Suite struct GraphIndexTests {
    /// `add` takes id, inputs and whether there is a queue.
    private func graph(_ nodes: [(id: String, after: [String], isQueued: Bool)]) -> GraphIndex {
        var builder = PipelineBuilder()
        for node in nodes {
            builder.add(
                Caller(NoParameters()), id: node.id, after: node.after,
                queue: node.isQueued ? QueueSettings(capacity: 1) : nil)
        }
        return builder.build().graph
    }

    @Test func aChainIsCalledDirectly() {
        let graph = graph([("a", [], false), ("b", ["a"], false), ("c", ["b"], false)])
        #expect(graph.direct == [1, 2, nil])
        #expect(graph.ancestors == [[], [0], [1, 0]])
        #expect(graph.exits == [[], [], []])
        #expect(graph.sources == [0])
    }

    @Test func aSegmentEndsAtEveryQueueThatItReaches() {
        //  a - b - [c] - d - [e]
        //       \ f - [g]
        let graph = graph([
            ("a", [], false), ("b", ["a"], false), ("c", ["b"], true), ("d", ["c"], false), ("e", ["d"], true),
            ("f", ["b"], false), ("g", ["f"], true),
        ])
        #expect(graph.exits == [[2, 6], [2, 6], [4], [4], [], [6], []])
        #expect(graph.feeders == [[], [], [0], [], [2], [], [0]])
    }

    @Test func aDiamondHasEachAncestorOnceNearestFirst() {
        //  a - b - d - e
        //   \ c --/
        let graph = graph([
            ("a", [], false), ("b", ["a"], false), ("c", ["a"], false), ("d", ["b", "c"], false), ("e", ["d"], false),
        ])
        #expect(graph.direct == [nil, nil, nil, 4, nil])
        #expect(graph.ancestors[4] == [3, 2, 1, 0])
        #expect(graph.links[1].map(\.input) == [0])
        #expect(graph.links[2].map(\.input) == [1])
    }

    @Test func inputsAreNumberedInTheOrderOfAfter() {
        let graph = graph([("a", [], false), ("b", ["a"], false), ("c", ["b", "a"], false)])
        #expect(graph.links[0].map { "\($0.node).\($0.input)" } == ["1.0", "2.1"])
        #expect(graph.links[1].map { "\($0.node).\($0.input)" } == ["2.0"])
    }

    @Test func severalSourcesFeedOneQueue() {
        let graph = graph([("a", [], false), ("b", [], false), ("c", ["a", "b"], true)])
        #expect(graph.sources == [0, 1])
        #expect(graph.feeders[2] == [0, 1])
    }
}
