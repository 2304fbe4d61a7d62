// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct EndTests {
    private let notes = Notes()

    /// Says when it is entered and left.
    private func watched(_ id: String, ending reason: EndReason? = nil) -> @Sendable () -> Scripted {
        let notes = notes
        return {
            Scripted(
                { frame, context in
                    notes.add("\(id) in")
                    if let reason, frame[Transcript.self] != nil { context.end(reason) }
                    context.emit(frame)
                    notes.add("\(id) out")
                },
                finish: { context in
                    notes.add("\(id) finishes")
                    context.emit(Sentence("rest of \(id)"))
                },
                stop: { notes.add("\(id) stops") })
        }
    }

    private func harness(ending reason: EndReason?) throws -> PipelineHarness {
        var builder = PipelineBuilder()
        let (first, second) = (watched("first"), watched("second", ending: reason))
        builder.add(first(), id: "first")
        builder.add(second(), id: "second")
        return try PipelineHarness(builder.build())
    }

    @Test func aProcessorThatEndsTheSessionIsNotEnteredAgainWhileItWorks() throws {
        let harness = try harness(ending: .agentEnded)
        harness.send(Transcript("bye"))
        #expect(
            notes.lines == [
                "first in", "second in", "second out", "first out", "first finishes", "second in", "second out",
                "second finishes", "first stops", "second stops",
            ])
        #expect(harness.events.report?.reason.name == "agent_ended")
    }

    @Test func aProcessorThatCancelsTheSessionIsNotStoppedWhileItWorks() throws {
        let harness = try harness(ending: .cancelled)
        harness.send(Transcript("bye"))
        #expect(
            notes.lines == ["first in", "second in", "second out", "first out", "first stops", "second stops"])
    }

    @Test func theFirstReasonCounts() throws {
        let harness = try harness(ending: nil)
        harness.onLoop { session in
            session.end(.agentEnded)
            session.end(.inputEnded)
        }
        #expect(harness.events.report?.reason.name == "agent_ended")
        harness.onLoop { $0.end(.cancelled) }
        let ends = harness.events.all.filter { if case .ended = $0.event { true } else { false } }
        #expect(ends.count == 1)
        #expect(notes.lines.filter { $0.hasSuffix("stops") }.count == 2)
    }

    @Test func nothingComesAfterTheEnd() throws {
        let harness = try harness(ending: nil)
        harness.end()
        let count = notes.lines.count
        harness.send(Transcript("late"))
        harness.onLoop { $0.interrupt("late") }
        harness.advance(by: .seconds(100))
        #expect(notes.lines.count == count)
        #expect(harness.loop.nextEvent == nil)
        if case .ended = harness.events.all.last?.event {
        } else {
            #expect(Bool(false), "the end is not the last event")
        }
    }

    @Test func aSilentSessionEndsWhenIdle() throws {
        let harness = try harness(ending: nil)
        harness.advance(by: .milliseconds(59_999))
        #expect(harness.events.report == nil)
        harness.advance(by: .milliseconds(1))
        #expect(harness.events.report?.reason.name == "idle")
    }

    @Test func aSessionEndsAtItsLongestDuration() throws {
        var limits = SessionLimits()
        limits.duration = .seconds(10)
        var builder = PipelineBuilder("short", limits: limits)
        builder.add(Scripted { _, context in context.noteActivity() })
        let harness = try PipelineHarness(builder.build())
        for _ in 0..<20 {
            harness.send(Transcript("still here"))
            harness.advance(by: .seconds(1))
        }
        #expect(harness.events.report?.reason.name == "too_long")
        #expect(harness.events.report?.duration == .seconds(10))
    }

    @Test func activityKeepsASessionFromBeingIdle() throws {
        var builder = PipelineBuilder()
        builder.add(Scripted { _, context in context.noteActivity() })
        let harness = try PipelineHarness(builder.build())
        harness.advance(by: .seconds(40))
        harness.send(Transcript("still here"))
        harness.advance(by: .seconds(59))
        #expect(harness.events.report == nil)
        harness.advance(by: .seconds(1))
        #expect(harness.events.report?.duration == .seconds(100))
    }

    @Test func hangingUpDuringTheGoodbyeEndsIt() throws {
        let output = RecordingOutput()
        var builder = PipelineBuilder()
        builder.add(FakeTextToSpeech(FakeTextToSpeech.Voice()))
        builder.add(Speaker(SpeakerParameters()))
        let harness = try PipelineHarness(builder.build(), call: Call(id: "1", transport: "test", output: output))
        harness.send(Sentence("A goodbye that takes a while to say."))
        harness.advance(by: .milliseconds(500))
        harness.onLoop { $0.end(.agentEnded) }
        harness.advance(by: .milliseconds(500))
        #expect(harness.events.report == nil)
        harness.onLoop { $0.end(.hungUp) }
        #expect(harness.events.report?.duration == .seconds(1))
        #expect(harness.events.report?.reason.name == "agent_ended")
        #expect(output.heardSamples.count == 900 * 16)
    }

    @Test func aSessionThatNeverStartedCanBeEnded() throws {
        let loop = SessionLoop.virtual()
        let output = RecordingOutput()
        var builder = PipelineBuilder()
        builder.add(DelayedRelay(.zero))
        let plan = builder.build()
        let session = try loop.perform {
            try Session(plan, call: Call(id: "1", transport: "test", output: output), loop: loop)
        }
        loop.perform {
            session.assumeIsolated { session in
                session.end(.hungUp)
                session.start()
            }
        }
        #expect(output.closed.map(\.name) == ["hung_up"])
        #expect(loop.nextEvent == nil)
    }
}
