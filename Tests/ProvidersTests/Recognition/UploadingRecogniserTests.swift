// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

/// What recognisers of whole recordings must do.
struct UploadingRecogniserTests {
    @Test(arguments: RecogniserFamily.uploading)
    func hearsSpeechFromBeforeTheEdge(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.pause(.seconds(2))
        let start = harness.pipeline.now
        harness.hear([1, 2])
        harness.pipeline.send(VoiceActivity(.speechStarted, at: start))
        harness.hear([3])
        harness.stop()
        harness.pause(.milliseconds(600))
        #expect(harness.takeTranscripts().text == "one two three")
    }

    @Test(arguments: RecogniserFamily.uploading)
    func utterancesAreAnsweredInTheirOrder(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family, family.double(latency: .milliseconds(900)))
        harness.say(1, 2)
        harness.say(3)
        harness.say(4, 5)
        harness.pause(.seconds(4))
        let finals = harness.takeTranscripts().filter(\.isFinal)
        #expect(finals.map(\.text) == ["one two", "three", "four five"])
        #expect(finals.map(\.isUtteranceEnd) == [true, true, true])
    }

    @Test(arguments: RecogniserFamily.uploading)
    func aLongUtteranceIsCutAndGoesOn(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.begin()
        harness.hear([1])
        harness.pause(.seconds(31))
        harness.hear([2])
        harness.stop()
        harness.pause(.seconds(1))
        let finals = harness.takeTranscripts().filter(\.isFinal)
        #expect(finals.map(\.text) == ["one", "two"])
        #expect(finals.map(\.isUtteranceEnd) == [false, true])
    }

    @Test(arguments: RecogniserFamily.uploading)
    func aNoiseTooShortToBeSpeechIsNotSent(family: RecogniserFamily) throws {
        let harness = try RecogniserHarness(family)
        harness.begin()
        harness.pause(.milliseconds(100))
        harness.stop()
        harness.pause(.milliseconds(100))
        #expect(harness.takeTranscripts() == [Transcript("", isUtteranceEnd: true)])
        #expect(harness.network.journal.exchanges.isEmpty)
    }

    @Test(arguments: RecogniserFamily.uploading, Array(0..<120))
    func everyCutOfTheAnswerIsTriedAgainOrAnError(family: RecogniserFamily, count: Int) throws {
        let harness = try RecogniserHarness(family, nil, .cut(after: count))
        harness.say(1, 2, 3)
        harness.pause(.seconds(2))
        let transcripts = harness.takeTranscripts().filter(\.isFinal)
        #expect(transcripts.endCount == 1)
        #expect(["", "one two three"].contains(transcripts.text))
        #expect(harness.leftovers().isEmpty)
    }

    @Test(arguments: RecogniserFamily.uploading)
    func anyChunkingGivesTheSameText(family: RecogniserFamily) throws {
        for seed in 0..<10 as Range<UInt64> {
            let harness = try RecogniserHarness(family, nil, .chunked(.random(seed: seed)))
            harness.say(1, 2, 3)
            harness.pause(.seconds(1))
            #expect(harness.takeTranscripts().text == "one two three")
        }
    }

    @Test func guessesGrowWhileTheCallerSpeaks() throws {
        let harness = try RecogniserHarness(.whisperCpp)
        harness.say(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
        harness.pause(.seconds(1))
        let transcripts = harness.takeTranscripts()
        let guesses = transcripts.filter { !$0.isFinal }.map(\.text)
        #expect(!guesses.isEmpty)
        #expect(zip(guesses, guesses.dropFirst()).allSatisfy { $1.hasPrefix($0) && $0 != $1 })
        #expect(transcripts.text == DoubleEar.vocabulary.joined(separator: " "))
        #expect(transcripts.text.hasPrefix(guesses.last ?? "-"))
        #expect(harness.leftovers().isEmpty)
    }

    @Test func asksWhisperForEverythingAndOthersForText() throws {
        for (model, format) in [("whisper-large-v3-turbo", "verbose_json"), ("gpt-4o-mini-transcribe", "json")] {
            let network = DoubleNetwork()
            network.routes.add(TranscriptionDouble(.levels, key: "key"))
            var parameters = OpenAISTT.Parameters.keyed
            (parameters.model, parameters.baseURL) = (model, "https://api.groq.com/openai/v1")
            parameters.language = "en"
            let harness = try UploadHarness(parameters, network)
            harness.say([1])
            let request = try #require(network.journal.requests.first)
            #expect(request.path == "/openai/v1/audio/transcriptions")
            let form = try #require(DoubleForm(request))
            #expect(form.fields.contains { $0 == ("model", model) })
            #expect(form.fields.contains { $0 == ("response_format", format) })
            #expect(form.fields.contains { $0 == ("language", "en") })
            #expect(form.fields.filter { $0.name == "timestamp_granularities[]" }.count == (format == "json" ? 0 : 2))
        }
    }
}

/// A recogniser with parameters of its own.
private final class UploadHarness {
    private let pipeline: PipelineHarness

    init(_ parameters: OpenAISTT.Parameters, _ network: DoubleNetwork) throws {
        let loop = SessionLoop.virtual()
        loop.lend(network, as: (any ProviderNetwork).self)
        var builder = PipelineBuilder("recogniser")
        builder.add(OpenAISTT(parameters), id: "subject", onError: .continue)
        pipeline = try PipelineHarness(builder.build(), on: loop)
    }

    func say(_ words: [Int]) {
        pipeline.send(VoiceActivity(.speechStarted, at: pipeline.now))
        pipeline.send(DoubleEar.audio(words))
        pipeline.send(Audio.silence(.milliseconds(200), format: .wideband))
        pipeline.send(VoiceActivity(.speechStopped, at: pipeline.now))
        pipeline.advance(by: .seconds(1))
    }
}
