// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// However a session ends, its decoder is back in the pool.
@Suite(.enabled(if: SpokenCommands.isModelInstalled, SpokenCommands.reason))
struct PocketsphinxLendingTests {
    private let pool = PocketsphinxPool(limit: 1)

    private func plan(onError: ErrorPolicy = .end, _ log: FrameLog = FrameLog()) throws -> CompiledPlan {
        let (parameters, pool) = (try SpokenCommands.parameters(), pool)
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(PocketsphinxSTT(parameters, pool: pool), onError: onError)
        builder.add(Tap(log))
        return builder.build()
    }

    private func speakHalf(_ harness: PipelineHarness) throws {
        harness.send(VoiceActivity(.speechStarted, at: harness.now))
        harness.send(try SpokenCommands.audio("Go forward ten meters.").slice(0..<14_000))
        #expect(pool.counts.lent == 1)
    }

    @Test(arguments: [EndReason.inputEnded, .hungUp, .shutdown])
    func isUnderstoodAndGivenBackWhenTheSessionEnds(reason: EndReason) throws {
        let log = FrameLog()
        let harness = try PipelineHarness(plan(log))
        try speakHalf(harness)
        #expect(harness.end(reason)?.abandoned == [])
        let final = log.frames.compactMap { $0[Transcript.self] }.last
        #expect(final?.isUtteranceEnd == true)
        #expect(final?.text.hasPrefix("go forward") == true)
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func isGivenBackWhenTheSessionIsCancelled() throws {
        let harness = try PipelineHarness(plan())
        try speakHalf(harness)
        #expect(harness.end(.cancelled)?.abandoned == [])
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func isGivenBackWhenTheSessionFails() throws {
        let harness = try PipelineHarness(plan())
        try speakHalf(harness)
        harness.send(Frame(audio: .tone(.milliseconds(20), format: .telephone), at: harness.now))
        harness.advance(by: .seconds(1))
        #expect(harness.events.report?.reason.name == "failed")
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func isGivenBackWhenTheRecogniserIsRestarted() throws {
        let log = FrameLog()
        let harness = try PipelineHarness(plan(onError: .restart, log))
        try speakHalf(harness)
        harness.send(Frame(audio: .tone(.milliseconds(20), format: .telephone), at: harness.now))
        #expect(pool.counts == (1, 0, 0))
        harness.send(VoiceActivity(.speechStarted, at: harness.now))
        harness.send(try SpokenCommands.audio("Go backward."))
        harness.send(VoiceActivity(.speechStopped, at: harness.now))
        #expect(log.frames.compactMap { $0[Transcript.self] }.last?.text == "go backward")
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func isWaitedForByTheNextSpeaker() throws {
        let loop = SessionLoop.virtual()
        let (first, second) = (FrameLog(), FrameLog())
        let one = try PipelineHarness(plan(first), on: loop)
        let two = try PipelineHarness(plan(second), on: loop)
        try speakHalf(one)
        two.send(VoiceActivity(.speechStarted, at: two.now))
        two.send(try SpokenCommands.audio("Go backward.").slice(0..<16_000))
        two.send(VoiceActivity(.speechStopped, at: two.now))
        #expect(pool.counts == (0, 1, 1))
        #expect(second.frames.isEmpty)
        one.send(VoiceActivity(.speechStopped, at: one.now))
        #expect(second.frames.compactMap { $0[Transcript.self] }.last?.text == "go backward")
        #expect(first.frames.compactMap { $0[Transcript.self] }.last?.text.hasPrefix("go forward") == true)
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func isNoLongerWaitedForByASessionThatEnds() throws {
        let loop = SessionLoop.virtual()
        let one = try PipelineHarness(plan(), on: loop)
        let two = try PipelineHarness(plan(), on: loop)
        try speakHalf(one)
        two.send(VoiceActivity(.speechStarted, at: two.now))
        #expect(pool.counts == (0, 1, 1))
        #expect(two.end(.cancelled)?.abandoned == [])
        #expect(pool.counts == (0, 1, 0))
        one.end(.hungUp)
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func namesTheRemedyWhenTheModelIsMissing() throws {
        let parameters = changed(try SpokenCommands.parameters()) { $0.model = FileReference("/nowhere/en-us") }
        let harness = try ProcessorHarness(service: PocketsphinxSTT(parameters, pool: PocketsphinxPool(limit: 1)))
        let error = try #require(harness.events.errors.first)
        #expect(error.category == .provider)
        #expect(error.message.contains("/nowhere/en-us") && error.message.contains("pocketsphinx-en-us"))
    }

    @Test func namesTheWordsThatTheModelLacks() throws {
        let parameters = try SpokenCommands.parameters("public <command> = go zorkward | blorp;")
        let harness = try ProcessorHarness(service: PocketsphinxSTT(parameters, pool: PocketsphinxPool(limit: 1)))
        #expect(harness.events.errors.first?.message.contains("zorkward, blorp") == true)
    }

    @Test func namesTheGrammarThatCannotBeRead() throws {
        let parameters = changed(PocketsphinxSTT.Parameters()) { $0.grammar = FileReference("/nowhere/commands.jsgf") }
        let harness = try ProcessorHarness(service: PocketsphinxSTT(parameters, pool: PocketsphinxPool(limit: 1)))
        #expect(harness.events.errors.first?.message == "grammar /nowhere/commands.jsgf: no such file; check the path")
    }
}
