// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct FilterTests {
    private func send(_ harness: ProcessorHarness) {
        harness.send(.tone(.milliseconds(20)))
        harness.send(Sentence("words"))
        harness.send(Transcript("heard"))
    }

    @Test func dropsTheTypesThatAreNamed() throws {
        let harness = try ProcessorHarness(Filter(.with { $0.drop = ["sentence", "nonsense"] }))
        send(harness)
        #expect(try harness.finish().map(\.frameType) == ["audio", "transcript"])
        #expect(harness.drops("filtered") == 1)
    }

    @Test func keepsTheTypesThatAreNamed() throws {
        let harness = try ProcessorHarness(Filter(.with { $0.keep = ["sentence"] }))
        send(harness)
        #expect(try harness.finish().map(\.frameType) == ["sentence"])
        #expect(harness.drops("filtered") == 2)
    }

    @Test func passesEverythingByDefault() throws {
        let harness = try ProcessorHarness(Filter(.template))
        send(harness)
        #expect(try harness.finish().count == 3)
    }

    @Test func refusesTwoOpposedLists() {
        var diagnostics = Diagnostics()
        let node = YAMLReader().read("{keep: [audio], drop: [sentence]}", file: "a.yaml", into: &diagnostics)
        let mark = SourceMark(file: "a.yaml")
        #expect(Filter.Parameters.decode(node, path: "filter", at: mark, into: &diagnostics) == nil)
        #expect(diagnostics.all.map(\.path) == ["filter.drop"])
    }

    @Test func tellsTheGraphWhatItTakesOut() {
        let pads = Filter.pads(.with { $0.drop = ["audio", "sentence"] })
        #expect(pads.consumes == [.audio(.any, required: false), .frames(Sentence.self, required: false)])
    }
}
