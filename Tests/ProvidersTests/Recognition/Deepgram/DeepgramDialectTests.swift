// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Testing

@testable import Providers

struct DeepgramDialectTests {
    private let dialect = DeepgramDialect()

    private func take(_ text: String) throws -> [RecognitionEvent] {
        try dialect.take(.text(ByteBuffer(string: text)))
    }

    static let results = """
        {"type":"Results","channel_index":[0,1],"duration":4.77,"start":12.08,
         "is_final":true,"speech_final":true,"from_finalize":false,
         "channel":{"alternatives":[{"transcript":"This is the end.","confidence":0.8676758,"languages":["en"],
           "words":[{"word":"this","start":14.08,"end":14.4,"confidence":0.948,"punctuated_word":"This"}]}]},
         "metadata":{"request_id":"uuid","model_info":{"name":"2-phonecall-nova"},"model_uuid":"uuid"}}
        """

    @Test func readsResults() throws {
        let events = try take(Self.results)
        var result = RecognitionResult(text: "This is the end.", isFinal: true)
        result.span = .milliseconds(12_080)..<(.milliseconds(12_080) + .milliseconds(4770))
        result.words = [TimedWord("This", start: .milliseconds(14_080), end: .milliseconds(14_400))]
        result.confidence = 0.8676758
        result.language = "en"
        #expect(events == [.heard(result), .endpoint])
    }

    @Test func readsInterimsAndAnswersToFinalize() throws {
        let interim = #"{"type":"Results","start":0,"duration":1,"channel":{"alternatives":[{"transcript":"a"}]}}"#
        guard case .heard(let result)? = try take(interim).first else { throw Wrong() }
        #expect(!result.isFinal && !result.answersFinalize && result.text == "a")
        let asked = """
            {"type":"Results","start":1,"duration":0,"is_final":true,"from_finalize":true,
             "channel":{"alternatives":[{"transcript":""}]}}
            """
        guard case .heard(let result)? = try take(asked).first else { throw Wrong() }
        #expect(result.isFinal && result.answersFinalize && result.text.isEmpty)
    }

    @Test func takesOnlyUtteranceEndsWithWordsBeforeThem() throws {
        #expect(try take(#"{"type":"UtteranceEnd","channel":[0,1],"last_word_end":2.395}"#) == [.endpoint])
        #expect(try take(#"{"type":"UtteranceEnd","channel":[0,1],"last_word_end":-1}"#).isEmpty)
    }

    @Test func ignoresWhatItDoesNotKnow() throws {
        for type in ["Metadata", "SpeechStarted", "ConfigureSuccess", "Novelty"] {
            #expect(try take(#"{"type":"\#(type)"}"#).isEmpty)
        }
        let error = #"{"type":"Error","variant":"SchemaError","description":"bad text"}"#
        #expect(try take(error) == [.warning("bad text")])
    }

    @Test func timesThatCannotBeAreNone() throws {
        for (start, duration) in [("-1", "1"), ("1e300", "1"), ("\"x\"", "1"), ("0", "-5")] {
            let text = """
                {"type":"Results","start":\(start),"duration":\(duration),"is_final":true,
                 "channel":{"alternatives":[{"transcript":"a","words":[{"word":"a","start":1e99,"end":-3}]}]}}
                """
            guard case .heard(let result)? = try take(text).first else { throw Wrong() }
            #expect(result.span == nil && result.words.isEmpty && result.text == "a")
        }
    }

    @Test func whatIsCutIsMalformed() throws {
        let bytes = Array(Self.results.utf8)
        for end in 0..<bytes.count {
            let message = ProviderMessage.text(ByteBuffer(bytes: bytes[..<end]))
            #expect { try dialect.take(message) } throws: { ($0 as? ProviderError)?.kind == .malformed }
        }
        #expect(throws: ProviderError.self) { try dialect.take(.binary(ByteBuffer(string: "x"))) }
        #expect(throws: ProviderError.self) { try take(#"{"type":"Results"}"#) }
    }

    @Test func sendsAudioAsItIsAndCommandsAsText() {
        let audio = Audio(format: AudioFormat(rateHz: 8000, encoding: .mulaw), sampleCount: 3, byteCount: 3) { bytes in
            bytes.copyBytes(from: [1, 2, 3])
        }
        #expect(dialect.encode(audio) == [.binary(ByteBuffer(bytes: [1, 2, 3]))])
        #expect(dialect.encode(.silence(.zero, format: .wideband)).isEmpty)
        #expect(dialect.finalize() == [.text(ByteBuffer(string: #"{"type":"Finalize"}"#))])
        #expect(dialect.keepAlive() == [.text(ByteBuffer(string: #"{"type":"KeepAlive"}"#))])
        #expect(dialect.closing() == [.text(ByteBuffer(string: #"{"type":"CloseStream"}"#))])
    }

    @Test func asksForTheFormatOfTheCall() {
        var parameters = DeepgramSTT.Parameters()
        parameters.apiKey = Secret("k")
        parameters.keyterms = ["Aura & Co", "Nova"]
        let request = parameters.request(AudioFormat(rateHz: 8000, encoding: .mulaw))
        #expect(
            request.url == "wss://api.deepgram.com/v1/listen?model=nova-3&language=en&encoding=mulaw&sample_rate=8000"
                + "&channels=1&interim_results=true&smart_format=true&no_delay=true&endpointing=false"
                + "&keyterm=Aura%20%26%20Co&keyterm=Nova")
        #expect(request.headers.map(\.name) == ["authorization"])
        #expect(request.headers.map(\.value) == ["Token k"])
    }

    private struct Wrong: Error {}
}
