// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

struct DeepgramSTTTests {
    private func commands(_ harness: RecogniserHarness) -> [String] {
        harness.network.journal.exchanges.flatMap(\.received).compactMap { message in
            guard case .text(let text) = message else { return nil }
            return (try? JSONValue(parsing: text.readableBytesView))?["type"]?.string
        }
    }

    @Test func tellsWordsWhileTheCallerSpeaks() throws {
        let harness = try RecogniserHarness(.deepgram)
        harness.say(1, 2, 3, 4, 5, 6, 7, 8)
        harness.pause(.milliseconds(500))
        let transcripts = harness.takeTranscripts()
        #expect(
            transcripts.filter { !$0.isFinal }.map(\.text) == ["one two three", "one two three four five six"])
        #expect(transcripts.text == "one two three four five six seven eight")
    }

    @Test func keepsTheConnectionOnlyWhileNoAudioFlows() throws {
        let harness = try RecogniserHarness(.deepgram)
        harness.pause(.seconds(30))
        #expect(commands(harness).isEmpty)
        harness.pipeline.advance(by: .milliseconds(20_100))
        #expect(commands(harness) == [String](repeating: "KeepAlive", count: 5))
        harness.say(1)
        harness.pause(.milliseconds(500))
        #expect(harness.takeTranscripts().text == "one")
        #expect(harness.leftovers().isEmpty)
        #expect(commands(harness).suffix(2) == ["Finalize", "CloseStream"])
        #expect(harness.network.journal.exchanges.map(\.end) == [.complete])
    }

    @Test func sendsTheTelephonesAudioUntouched() throws {
        let harness = try RecogniserHarness(.deepgram, RecogniserFamily.deepgram.double(.script(["hello there"])))
        let format = AudioFormat(rateHz: 8000, encoding: .mulaw)
        let bytes = (0..<160).map { UInt8($0) }
        harness.begin()
        for index in 0..<10 {
            let audio = Audio(format: format, sampleCount: 160, byteCount: 160) { $0.copyBytes(from: bytes) }
            harness.pipeline.send(Frame(audio: audio, at: .zero + .milliseconds(20 * index)))
            harness.pipeline.advance(by: .milliseconds(20))
        }
        harness.stop()
        harness.pipeline.advance(by: .milliseconds(500))
        #expect(harness.takeTranscripts().text == "hello there")
        let exchange = try #require(harness.network.journal.exchanges.first)
        #expect(exchange.request.parameter("encoding") == "mulaw")
        #expect(exchange.request.parameter("sample_rate") == "8000")
        #expect(exchange.received.filter { $0 == .binary(ByteBuffer(bytes: bytes)) }.count == 10)
    }

    @Test func answersAtTheDeadlineWithTheWordsSoFar() throws {
        let double = DeepgramListenDouble(.levels, answersFinalize: false)
        let harness = try RecogniserHarness(.deepgram, double)
        harness.say(1, 2, 3, 4)
        harness.pause(.milliseconds(980))
        #expect(harness.takeTranscripts().endCount == 0)
        harness.pause(.milliseconds(40))
        let transcripts = harness.takeTranscripts()
        #expect(transcripts.map(\.text) == ["one two three four"])
        #expect(transcripts.endCount == 1)
    }

    @Test func theCallerGoesOnBeforeTheAnswer() throws {
        let harness = try RecogniserHarness(.deepgram, RecogniserFamily.deepgram.double(latency: .milliseconds(400)))
        harness.say(1, 2)
        harness.say(3)
        harness.pause(.seconds(2))
        let finals = harness.takeTranscripts().filter(\.isFinal)
        #expect(finals.map(\.text) == ["one two", "three"])
        #expect(finals.map(\.isUtteranceEnd) == [true, true])
    }

    @Test func aSecondSilenceInARowIsTakenForADeadProvider() throws {
        let harness = try RecogniserHarness(.deepgram, nil, .hang(at: .bytes(0)))
        harness.say(1)
        harness.pause(.seconds(2))
        harness.say(2)
        harness.pause(.seconds(2))
        harness.say(3)
        harness.pause(.seconds(2))
        #expect(harness.takeTranscripts().text == "three")
        #expect(harness.network.journal.exchanges.count == 2)
        #expect(harness.errors.count >= 1)
    }
}
