// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// Two sources and a processor that joins them.
private struct JoinHarness {
    let pipeline: PipelineHarness
    private let log = FrameLog()

    init<P: Processor>(_ processor: @autoclosure @escaping @Sendable () throws -> P) throws {
        var builder = PipelineBuilder("join")
        builder.add(Caller(NoParameters()), id: "first")
        builder.add(Caller(NoParameters()), id: "second", after: [])
        builder.add(try processor(), id: "subject", after: ["first", "second"])
        let log = log
        builder.add(Tap(log))
        pipeline = try PipelineHarness(builder.build())
    }

    func say(_ text: String, source: Int) { pipeline.send(Sentence(text), source: source) }

    func takeWords() -> [String] { log.take().compactMap { $0[Sentence.self]?.text } }

    func drops() -> [String: Int] {
        pipeline.end()
        return pipeline.events.report?.processors.first { $0.id == "subject" }?.framesDropped ?? [:]
    }
}

@Suite struct TeeTests {
    @Test func passesEverythingAndCountsIt() throws {
        let harness = try ProcessorHarness(Tee(NoParameters()))
        harness.send(.tone(.milliseconds(60)))
        harness.send(Sentence("words"))
        let output = try harness.finish()
        #expect(output.map(\.frameType) == ["audio", "audio", "audio", "sentence"])
        let counts = harness.events.all.compactMap { entry -> String? in
            guard case .metric(let name, let value) = entry.event else { return nil }
            return "\(name) \(value)"
        }
        #expect(counts == ["frames_audio 3.0", "frames_sentence 1.0"])
    }

    @Test func givesEveryBranchEveryFrame() throws {
        let (first, second) = (FrameLog(), FrameLog())
        var builder = PipelineBuilder("tee")
        builder.add(Tee(NoParameters()))
        builder.add(Tap(first), id: "first")
        builder.add(Tap(second), id: "second", after: ["tee"])
        let pipeline = try PipelineHarness(builder.build())
        pipeline.send(Sentence("words"))
        #expect(first.frames.map(\.header.id) == second.frames.map(\.header.id))
        #expect(first.frames.count == 1)
        pipeline.end()
    }
}

@Suite struct JoinTests {
    @Test func passesEveryInput() throws {
        let harness = try JoinHarness(Join(NoParameters()))
        harness.say("one", source: 0)
        harness.say("two", source: 1)
        #expect(harness.takeWords() == ["one", "two"])
        #expect(harness.drops().isEmpty)
    }

    @Test func passesAFrameThatComesByTwoBranchesOnce() throws {
        let log = FrameLog()
        var builder = PipelineBuilder("diamond")
        builder.add(Caller(NoParameters()))
        builder.add(Tee(NoParameters()), id: "left", after: ["caller"])
        builder.add(Tee(NoParameters()), id: "right", after: ["caller"])
        builder.add(Join(NoParameters()), after: ["left", "right"])
        builder.add(Tap(log))
        let pipeline = try PipelineHarness(builder.build())
        for number in 0..<600 { pipeline.send(Sentence("\(number)")) }
        #expect(log.frames.compactMap { $0[Sentence.self]?.text } == (0..<600).map(String.init))
        pipeline.end()
        #expect(pipeline.events.report?.processors.first { $0.id == "join" }?.framesDropped == ["duplicate": 600])
    }
}

@Suite struct SwitchTests {
    @Test func passesTheSelectedInput() throws {
        let harness = try JoinHarness(Switch(.with { $0.selected = 2 }))
        harness.say("one", source: 0)
        harness.say("two", source: 1)
        #expect(harness.takeWords() == ["two"])
        #expect(harness.drops() == ["not_selected": 1])
    }

    @Test func followsTheKeyWithTheInputsNumber() throws {
        let harness = try JoinHarness(Switch(.with { $0.followsDTMF = true }))
        harness.pipeline.send(try #require(DTMF("2")))
        harness.say("one", source: 0)
        harness.say("two", source: 1)
        harness.pipeline.send(try #require(DTMF("#")), source: 1)
        harness.pipeline.send(try #require(DTMF("1")), source: 1)
        harness.say("three", source: 0)
        #expect(harness.takeWords() == ["two", "three"])
    }

    @Test func ignoresKeysUnlessAsked() throws {
        let harness = try JoinHarness(Switch(.template))
        harness.pipeline.send(try #require(DTMF("2")))
        harness.say("one", source: 0)
        #expect(harness.takeWords() == ["one"])
    }

    @Test func followsAFrameOfATypeThatIsNamed() throws {
        let harness = try JoinHarness(Switch(.with { $0.on = ["transcript": 2] }))
        harness.say("one", source: 0)
        harness.pipeline.send(Transcript("transfer"))
        harness.say("two", source: 0)
        harness.say("three", source: 1)
        #expect(harness.takeWords() == ["one", "three"])
    }
}
