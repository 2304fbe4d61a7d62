// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// The recogniser on real loops and workers, and with the rules that the repository ships.
@Suite(.enabled(if: SpokenCommands.isModelInstalled, SpokenCommands.reason))
struct PocketsphinxWorkersTests {
    @Test func hearsManySessionsAtOnce() async throws {
        let pool = PocketsphinxPool(limit: 3)
        let parameters = try SpokenCommands.parameters()
        let texts = ["go forward", "go backward", "go forward two meters", "go backward five meters"]
        let speech = try texts.map { try SpokenCommands.audio($0) }
        let group = LoopGroup(count: 2)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<12 {
                let log = FrameLog()
                // Twelve callers and three decoders: some wait, for as long as a busy machine takes.
                var builder = PipelineBuilder(limits: .unhurried)
                builder.add(Caller(NoParameters()))
                builder.add(PocketsphinxSTT(parameters, pool: pool), queue: QueueSettings(capacity: 1000))
                builder.add(Tap(log))
                let plan = builder.build()
                let (text, audio) = (texts[number % texts.count], speech[number % texts.count])
                tasks.addTask {
                    let call = Call(id: "\(number)", transport: "test")
                    let session = try await Session.start(plan, call: call, on: group.loops[number % 2])
                    await session.push(Frame(VoiceActivity(.speechStarted, at: .zero)))
                    for start in stride(from: 0, to: audio.sampleCount, by: 320) {
                        let time = MediaTime.zero + .samples(start, rate: 16_000)
                        await session.push(Frame(audio: audio.slice(start..<start + 320), at: time))
                    }
                    await session.push(Frame(VoiceActivity(.speechStopped, at: .zero + audio.duration)))
                    await session.end(.inputEnded)
                    #expect(await session.ended().abandoned == [])
                    #expect(log.frames.compactMap { $0[Transcript.self] }.last?.text == text)
                }
            }
            try await tasks.waitForAll()
        }
        #expect(pool.counts.lent == 0 && pool.counts.waiting == 0)
        #expect(pool.counts.idle <= 3)
        try await group.shutDown()
    }

    @Test(arguments: [
        "I would like to book an appointment", "a haircut", "on Friday", "at three", "yes", "when are you open",
        "where are you", "no thank you", "goodbye",
    ])
    func hearsWhatTheFrontDeskUnderstands(text: String) throws {
        let rules = FileReference(String(FrontDesk.path))
        let parameters = changed(PocketsphinxSTT.Parameters()) { $0.rules = rules }
        let harness = try ProcessorHarness(service: PocketsphinxSTT(parameters, pool: .shared(limit: 2)))
        harness.send(Audio.silence(.milliseconds(300)))
        harness.send(VoiceActivity(.speechStarted, at: harness.now))
        harness.send(try SpokenCommands.audio(text + "."))
        harness.send(VoiceActivity(.speechStopped, at: harness.now))
        let heard = harness.take(Transcript.self).last?.text
        #expect(heard == text.lowercased())
        #expect(harness.events.errors.isEmpty)
    }
}
