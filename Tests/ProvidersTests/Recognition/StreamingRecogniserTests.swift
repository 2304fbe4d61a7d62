// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

/// What recognisers with one connection for the session must do.
struct StreamingRecogniserTests {
    @Test(arguments: RecogniserFamily.streaming, Array(stride(from: 1, to: 2600, by: 130)))
    func noWordIsLostWhereverTheConnectionBreaks(family: RecogniserFamily, count: Int) throws {
        let harness = try RecogniserHarness(family, nil, .cut(after: count))
        for words in [[1, 2, 3], [4, 5], [6, 7, 8, 9]] {
            harness.begin()
            harness.hear(words)
            harness.pause(.milliseconds(200))
            harness.stop()
            harness.pause(.seconds(2))
        }
        let transcripts = harness.takeTranscripts()
        #expect(transcripts.text == "one two three four five six seven eight nine")
        #expect(transcripts.endCount == 3)
        #expect(harness.figures("reconnects").count <= 1)
        #expect(harness.leftovers().isEmpty)
    }

    @Test(arguments: RecogniserFamily.streaming)
    func whatIsSaidWhileTheProviderConnectsIsHeard(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family, nil, .with { $0.connectDelay = .milliseconds(1300) })
        harness.say(1, 2)
        harness.pause(.milliseconds(200))
        harness.say(3)
        harness.pause(.seconds(3))
        let transcripts = harness.takeTranscripts()
        #expect(transcripts.endCount == 2)
        #expect(transcripts.text == "one two three")
    }

    @Test(arguments: RecogniserFamily.streaming)
    func timesGoOnAfterAReconnect(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family, nil, .cut(after: 1))
        harness.say(1, 2)
        harness.pause(.seconds(2))
        _ = harness.takeFrames()
        let begin = harness.pipeline.now
        harness.say(3)
        harness.pause(.seconds(1))
        let frame = try #require(harness.takeFrames().last { $0[Transcript.self]?.words.isEmpty == false })
        let word = try #require(frame[Transcript.self]?.words.first)
        #expect(word.text == "three")
        #expect(abs(((frame.mediaTime + word.start) - begin).nanoseconds) <= 5_000_000)
    }

    @Test(arguments: RecogniserFamily.streaming)
    func whatCannotBeUnderstoodEndsInOneReportAndNotInALoop(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family, GarbageDouble())
        harness.say(1, 2)
        harness.pause(.seconds(30))
        #expect(harness.takeTranscripts().endCount == 1)
        #expect(harness.network.journal.exchanges.count <= 4)
        #expect((1...3).contains(harness.errors.count))
        #expect(harness.leftovers().isEmpty)
    }

    @Test(arguments: RecogniserFamily.streaming)
    func nobodyIsCalledAfterTheEnd(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.network.routes.setLasting(.refused)
        harness.say(1, 2)
        #expect(harness.leftovers().isEmpty)
        let count = harness.network.journal.exchanges.count
        harness.pipeline.advance(by: .seconds(60))
        #expect(harness.network.journal.exchanges.count == count)
    }

    @Test(arguments: RecogniserFamily.streaming)
    func refusesAudioInAnotherFormat(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.say(1)
        harness.pause(.milliseconds(20), format: .telephone)
        #expect(harness.pipeline.events.errors.map(\.category) == [.badInput])
        harness.say(2)
        harness.pause(.seconds(1))
        #expect(harness.takeTranscripts().text == "one two")
    }
}

/// A provider that has lost its mind.
private struct GarbageDouble: ProviderDouble {
    func open(_ request: DoubleRequest) -> DoubleOpening { .accepted(Peer()) }

    private final class Peer: DoublePeer {
        func received(_ message: ProviderMessage) -> [DoubleStep] { [.text("{\"type\":")] }
    }
}
