// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct BranchTests {
    private let notes = Notes()

    /// Says by which input a sentence came and passes it on.
    private func numbering(_ id: String) -> @Sendable () -> Scripted {
        let notes = notes
        return {
            Scripted(
                { frame, context in
                    if let sentence = frame[Sentence.self] { notes.add("\(id) \(context.input) \(sentence.text)") }
                    context.emit(frame)
                },
                upstream: { frame, _ in
                    if frame[Sentence.self] != nil { notes.add("\(id) upstream") }
                },
                finish: { _ in notes.add("\(id) finishes") })
        }
    }

    private func add(_ id: String, after: [String]?, queue: QueueSettings? = nil, to builder: inout PipelineBuilder) {
        let make = numbering(id)
        builder.add(make(), id: id, after: after, queue: queue)
    }

    @Test func aFrameReachesEachBranchOnceAndAJoinOnceForEachInput() throws {
        var builder = PipelineBuilder()
        add("root", after: nil, to: &builder)
        add("left", after: ["root"], to: &builder)
        add("right", after: ["root"], to: &builder)
        add("join", after: ["right", "left"], to: &builder)
        add("tail", after: nil, to: &builder)
        let harness = try PipelineHarness(builder.build())
        harness.send(Sentence("x"))
        #expect(
            notes.lines == [
                "root 0 x", "left 0 x", "join 1 x", "tail 0 x", "right 0 x", "join 0 x", "tail 0 x",
            ])
    }

    @Test func aQueuedJoinKnowsTheInputOfEachFrame() throws {
        var builder = PipelineBuilder()
        add("root", after: nil, to: &builder)
        add("left", after: ["root"], to: &builder)
        add("right", after: ["root"], to: &builder)
        add("join", after: ["right", "left"], queue: QueueSettings(capacity: 4), to: &builder)
        let harness = try PipelineHarness(builder.build())
        harness.send(Sentence("x"))
        harness.send(try #require(DTMF("1")))
        #expect(notes.lines == ["root 0 x", "left 0 x", "right 0 x", "join 1 x", "join 0 x"])
    }

    @Test func anUpstreamFrameReachesEachAncestorOnceNearestFirst() throws {
        var builder = PipelineBuilder()
        add("root", after: nil, to: &builder)
        add("left", after: ["root"], to: &builder)
        add("right", after: ["root"], to: &builder)
        add("join", after: ["left", "right"], to: &builder)
        add("bystander", after: ["root"], to: &builder)
        builder.add(
            Scripted { frame, context in
                if frame[Transcript.self] != nil { context.emitUpstream(Frame(Sentence("up"))) }
            },
            id: "source", after: ["join"])
        let harness = try PipelineHarness(builder.build())
        harness.send(Transcript("go"))
        let upstream = notes.lines.filter { $0.hasSuffix("upstream") }
        // Once for each way by which the transcript came.
        #expect(upstream.count == 8)
        #expect(Array(upstream.prefix(4)) == ["join upstream", "right upstream", "left upstream", "root upstream"])
        #expect(!upstream.contains("bystander upstream"))
    }

    @Test func theEndWaitsForAllInputsOfAJoin() throws {
        var builder = PipelineBuilder()
        add("root", after: nil, to: &builder)
        builder.add(DelayedRelay(.milliseconds(100)), id: "slow", after: ["root"])
        add("quick", after: ["root"], to: &builder)
        add("join", after: ["slow", "quick"], queue: QueueSettings(capacity: 4), to: &builder)
        add("tail", after: nil, to: &builder)
        let harness = try PipelineHarness(builder.build())
        harness.send(Sentence("x"))
        harness.onLoop { $0.end(.inputEnded) }
        #expect(notes.lines.filter { $0.hasSuffix("finishes") } == ["root finishes", "quick finishes"])
        harness.advance(by: .milliseconds(100))
        #expect(
            notes.lines.suffix(4) == ["join 0 x", "tail 0 x", "join finishes", "tail finishes"])
        #expect(harness.events.report?.duration == .milliseconds(100))
    }

    @Test func aServiceThatJoinsFinishesOnce() throws {
        let log = FrameLog()
        var builder = PipelineBuilder()
        add("root", after: nil, to: &builder)
        add("left", after: ["root"], to: &builder)
        add("right", after: ["root"], to: &builder)
        builder.add(DelayedRelay(.milliseconds(10)), id: "join", after: ["left", "right"])
        builder.add(Tap(log))
        let harness = try PipelineHarness(builder.build())
        harness.send(Sentence("x"))
        harness.end()
        #expect(log.frames.compactMap { $0[Sentence.self]?.text } == ["x", "x"])
        #expect(harness.events.report?.duration == .milliseconds(20))
    }

    @Test func urgentFramesOvertakeOrderedOnes() throws {
        let log = FrameLog()
        var builder = PipelineBuilder()
        add("root", after: nil, to: &builder)
        builder.add(DelayedRelay(.milliseconds(10)))
        builder.add(Tap(log), id: "tap", queue: QueueSettings(capacity: 4))
        let harness = try PipelineHarness(builder.build())
        harness.send(Sentence("one"))
        harness.send(Sentence("two"))
        harness.send(try #require(DTMF("1")))
        harness.send(try #require(DTMF("2")))
        harness.advance(by: .milliseconds(20))
        #expect(
            log.frames.map { $0[DTMF.self].map { String($0.digit) } ?? $0[Sentence.self]?.text } == [
                "1", "2", "one", "two",
            ])
    }
}
