// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct InterruptionTests {
    private let output = FrameLog()
    private let notes = Notes()

    private func harness(_ add: (inout PipelineBuilder) -> Void) throws -> PipelineHarness {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        add(&builder)
        let output = output
        builder.add(Tap(output))
        return try PipelineHarness(builder.build())
    }

    private var texts: [String] { output.frames.compactMap { $0[Sentence.self]?.text } }

    /// Interrupts at every key and answers it.
    private static func answeringKeys() -> Scripted {
        Scripted { frame, context in
            context.emit(frame)
            guard let key = frame[DTMF.self] else { return }
            context.interrupt("key")
            context.emit(Sentence("key \(key.digit)"))
        }
    }

    @Test func whatTheInterruptingFrameCausesBelongsToTheNewTurn() throws {
        let harness = try harness { $0.add(Self.answeringKeys()) }
        harness.send(try #require(DTMF("1")))
        harness.send(try #require(DTMF("2")))
        #expect(texts == ["key 1", "key 2"])
    }

    @Test func processorsDownstreamAreToldBeforeTheFirstFrameOfTheNewTurn() throws {
        let notes = notes
        let harness = try harness { builder in
            builder.add(Self.answeringKeys(), id: "turns")
            builder.add(
                Scripted(
                    { frame, context in
                        if let sentence = frame[Sentence.self] { notes.add(sentence.text) }
                        context.emit(frame)
                    }, interrupted: { interruption, _ in notes.add("interrupted \(interruption.epoch.value)") }))
        }
        harness.send(try #require(DTMF("1")))
        #expect(notes.lines == ["interrupted 1", "key 1"])
    }

    @Test func processorsAtWorkAreToldBeforeTheNextFrame() throws {
        let notes = notes
        let harness = try harness { builder in
            builder.add(
                Scripted(
                    { frame, context in
                        notes.add("frame \(frame[Transcript.self]?.text ?? "?")")
                        context.emit(frame)
                    }, interrupted: { _, _ in notes.add("told") }),
                id: "first", queue: QueueSettings(capacity: 8))
            builder.add(Scripted { _, context in context.interrupt("always") }, id: "interrupter")
        }
        harness.send(Transcript("one"))
        harness.send(Transcript("two"))
        #expect(notes.lines == ["frame one", "told", "frame two", "told"])
    }

    @Test func processorsAtWorkOnSeveralQueuedFramesAreToldInBetween() throws {
        let notes = notes
        let harness = try harness { builder in
            builder.add(
                Scripted { frame, context in
                    for text in ["one", "two", "three"] { context.emit(Transcript(text)) }
                }, id: "splitter")
            builder.add(
                Scripted(
                    { frame, context in
                        notes.add(frame[Transcript.self]?.text ?? "?")
                        context.emit(frame)
                    }, interrupted: { interruption, _ in notes.add("told \(interruption.epoch.value)") }),
                id: "first", queue: QueueSettings(capacity: 8))
            builder.add(
                Scripted { _, context in
                    context.interrupt("first")
                    context.interrupt("second")
                }, id: "interrupter")
        }
        harness.send(Transcript("go"))
        #expect(
            notes.lines == [
                "one", "told 1", "told 2", "two", "told 3", "told 4", "three", "told 5", "told 6",
            ])
    }

    @Test func aReplyToATurnThatWasOverBeforeItBeganIsRefused() throws {
        let harness = try harness { builder in
            builder.add(DelayedRelay(.milliseconds(100)))
            builder.add(TestContext(NoParameters()))
            builder.add(FakeLanguageModel(.init(["answer"])))
        }
        harness.send(TurnEnded(turn: TurnID(1), text: "old"))
        harness.advance(by: .milliseconds(50))
        harness.onLoop { $0.interrupt("the caller goes on") }
        harness.send(TurnEnded(turn: TurnID(2), text: "new"))
        harness.advance(by: .seconds(2))
        #expect(output.frames.compactMap { $0[ResponseStarted.self]?.turn.value } == [2])
        #expect(output.frames.compactMap { $0[TurnEnded.self]?.turn.value } == [1, 2])
    }

    @Test func uninterruptibleFramesKeepTheirPlaceInTheQueue() throws {
        let harness = try harness { $0.add(DelayedRelay(.milliseconds(100))) }
        harness.send(Frame(Sentence("in work")))
        harness.send(Frame(Sentence("stale")))
        harness.send(Frame(Sentence("notice"), isUninterruptible: true))
        harness.send(Transcript("heard"))
        harness.onLoop { $0.interrupt("test") }
        harness.send(Sentence("fresh"))
        harness.advance(by: .seconds(1))
        #expect(texts == ["notice", "fresh"])
        #expect(output.frames.map(\.frameType) == ["sentence", "transcript", "sentence"])
        let relay = try #require(harness.onLoop { $0.statistics }.first { $0.id == "delayed_relay" })
        #expect(relay.framesDropped == ["stale": 1])
    }

    @Test func workThatIsNoReplyGoesOn() throws {
        let harness = try harness { $0.add(DelayedRelay(.milliseconds(100))) }
        harness.send(Transcript("heard"))
        harness.advance(by: .milliseconds(50))
        harness.onLoop { $0.interrupt("test") }
        harness.advance(by: .milliseconds(50))
        #expect(output.frames.compactMap { $0[Transcript.self]?.text } == ["heard"])
    }

    @Test func aServiceThatWaitsForRoomIsFreedByAnInterruption() throws {
        let harness = try harness { builder in
            builder.add(FakeLanguageModel(.init((1...50).map { "piece \($0)" }, firstToken: .zero, gap: .zero)))
            builder.add(TestSentences(NoParameters()))
            builder.add(DelayedRelay(.seconds(1)), queue: QueueSettings(capacity: 4))
        }
        harness.send(ModelRequest(turn: TurnID(1), messages: []))
        harness.advance(by: .milliseconds(500))
        harness.onLoop { $0.interrupt("test") }
        harness.send(ModelRequest(turn: TurnID(2), messages: []))
        harness.advance(by: .milliseconds(3500))
        #expect(texts == ["piece 1", "piece 2"])
        #expect(output.frames.compactMap { $0[ResponseStarted.self]?.turn.value } == [2])
    }
}
