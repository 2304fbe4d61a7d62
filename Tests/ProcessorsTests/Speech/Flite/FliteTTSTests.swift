// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct FliteTTSTests {
    private func harness(_ change: (inout FliteTTS.Parameters) -> Void = { _ in }) throws -> ProcessorHarness {
        let parameters = changed(FliteTTS.Parameters(), change)
        return try ProcessorHarness(service: FliteTTS(parameters))
    }

    @Test func speaksASentenceBehindItsWords() throws {
        let harness = try harness()
        harness.send(Sentence("We open at 9, Dr. Smith — really."))
        let output = harness.takeOutput()
        let words = try #require(output.first?[SpokenWords.self])
        #expect(words.text == "We open at 9, Dr. Smith — really.")
        #expect(words.words.map(\.text).joined(separator: " ") == words.text)
        let audio = output.dropFirst().compactMap(\.audio)
        #expect(audio.count == output.count - 1)
        #expect(audio.dropLast().allSatisfy { $0.format == .wideband && $0.duration == .milliseconds(20) })
        let duration = audio.reduce(.zero) { $0 + $1.duration }
        let end = try #require(words.words.last).end
        #expect(end <= duration && end > duration - .milliseconds(500))
        #expect(try harness.finish().isEmpty)
    }

    @Test func givesTheEnginesSamplesWhole() throws {
        let harness = try harness { $0.voice = .kal16 }
        harness.send(Sentence("It costs five dollars."))
        #expect(harness.takeSamples() == (try FliteVoice(.kal16).samples(of: "It costs five dollars.")))
        #expect(try harness.finish().isEmpty)
    }

    @Test func placesFramesWithoutGaps() throws {
        let harness = try harness { $0.voice = .kal16 }
        harness.send(Sentence("One."))
        harness.send(Sentence("Two."))
        let frames = harness.takeOutput().filter { $0.audio != nil }
        for (frame, next) in zip(frames, frames.dropFirst()) {
            #expect(abs((next.mediaTime - frame.endTime).nanoseconds) <= 1)
        }
        #expect(try harness.finish().isEmpty)
    }

    @Test func speaksSlowerAndHigher() throws {
        let usual = try samples { $0.voice = .slt }
        #expect(Double(try samples { $0.stretch = 1.5 }.count) / Double(usual.count) > 1.3)
        let high = try samples { $0.pitch = 260 }
        #expect(zeroCrossings(high) > zeroCrossings(usual))
    }

    private func samples(_ change: (inout FliteTTS.Parameters) -> Void) throws -> [Int16] {
        let harness = try harness(change)
        harness.send(Sentence("Rain along the way."))
        return harness.takeSamples()
    }

    private func zeroCrossings(_ samples: [Int16]) -> Double {
        let crossings = zip(samples, samples.dropFirst()).count { ($0 < 0) != ($1 < 0) }
        return Double(crossings) / Double(samples.count)
    }

    @Test func saysNothingForEmptyText() throws {
        let harness = try harness()
        for text in ["", " \n", "...", "\0"] { harness.send(Sentence(text)) }
        #expect(harness.takeOutput().isEmpty)
        #expect(try harness.finish().isEmpty)
    }

    @Test func speaksLongTextInPieces() throws {
        let harness = try harness { $0.voice = .kal16 }
        let text = Array(repeating: "This goes on and on, without an end.", count: 30).joined(separator: " ")
        harness.send(Sentence(text))
        let pieces = harness.takeOutput().compactMap { $0[SpokenWords.self] }
        #expect(pieces.count == 3)
        #expect(pieces.map(\.text).joined(separator: " ") == text)
        #expect(try harness.finish().isEmpty)
    }

    @Test func passesOtherFramesInTheirPlace() throws {
        let harness = try harness { $0.voice = .kal16 }
        harness.send(ResponseStarted(turn: TurnID(1)))
        harness.send(Sentence("Yes."))
        harness.send(ResponseEnded(turn: TurnID(1)))
        let output = harness.takeOutput()
        #expect(output.first?[ResponseStarted.self] == ResponseStarted(turn: TurnID(1)))
        #expect(output.last?[ResponseEnded.self] == ResponseEnded(turn: TurnID(1)))
        #expect(output.dropFirst().dropLast().contains { $0.audio != nil })
        #expect(try harness.finish().isEmpty)
    }

    @Test func emitsNoStaleAudioAfterAnInterruptionInMidSentence() throws {
        // A full queue behind the synthesiser holds it in the middle of the sentence.
        let log = FrameLog()
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(FliteTTS(FliteTTS.Parameters()))
        builder.add(Holding(log), queue: QueueSettings(capacity: 5))
        let harness = try PipelineHarness(builder.build())
        harness.send(Sentence("This sentence is long, and only its beginning is heard."))
        #expect(log.frames.isEmpty)
        harness.onLoop { $0.interrupt("test") }
        harness.send(Sentence("Fresh."))
        harness.send(Release())
        harness.advance(by: .seconds(1))
        let words = log.frames.compactMap { $0[SpokenWords.self]?.text }
        #expect(words == ["Fresh."])
        #expect(log.frames.first?[SpokenWords.self] != nil)
        #expect(log.frames.allSatisfy { $0.header.epoch == TurnEpoch(1) })
        #expect(log.frames.contains { $0.audio != nil })
        #expect(harness.end(.cancelled)?.abandoned == [])
    }

    @Test func emitsWhatIsUnderWayBeforeTheEnd() throws {
        let harness = try harness { $0.voice = .kal16 }
        harness.send(Sentence("One."))
        harness.send(Sentence("Two."))
        let texts = try harness.finish().compactMap { $0[SpokenWords.self]?.text }
        #expect(texts == ["One.", "Two."])
    }

    @Test func computesOnWorkersOfARealLoop() async throws {
        let group = LoopGroup(count: 1)
        let log = FrameLog()
        var builder = PipelineBuilder(limits: .unhurried)
        builder.add(Caller(NoParameters()))
        builder.add(FliteTTS(changed(FliteTTS.Parameters()) { $0.voice = .kal16 }))
        builder.add(Tap(log))
        let session = try await Session.start(
            builder.build(), call: Call(id: "test", transport: "test"), on: group.loops[0])
        await session.push(Frame(Sentence("It costs five dollars.")))
        await session.end(.inputEnded)
        #expect(await session.ended().abandoned == [])
        let samples = log.frames.flatMap { $0.audio?.withSamples(Array.init) ?? [] }
        #expect(samples == (try FliteVoice(.kal16).samples(of: "It costs five dollars.")))
        try await group.shutDown()
    }
}
