// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Testing

@testable import Providers

struct ElevenLabsDialectTests {
    private let dialect = ElevenLabsDialect(rateHz: 16000)

    private func take(_ text: String) throws -> [RecognitionEvent] {
        try dialect.take(.text(ByteBuffer(string: text)))
    }

    @Test func sendsAudioAndCommitsInOneKindOfMessage() {
        let audio = Audio(format: .wideband, samples: [1, -2])
        #expect(
            dialect.encode(audio) == [
                .text(
                    ByteBuffer(
                        string: #"{"message_type":"input_audio_chunk","audio_base_64":"AQD+/w==","#
                            + #""commit":false,"sample_rate":16000}"#))
            ])
        #expect(
            dialect.finalize() == [
                .text(
                    ByteBuffer(
                        string: #"{"message_type":"input_audio_chunk","audio_base_64":"","#
                            + #""commit":true,"sample_rate":16000}"#))
            ])
    }

    @Test func readsPartialsAndTheSecondAnswerToACommit() throws {
        #expect(
            try take(#"{"message_type":"partial_transcript","text":"hel"}"#)
                == [.heard(RecognitionResult(text: "hel", isFinal: false))])
        #expect(try take(#"{"message_type":"committed_transcript","text":"hello"}"#).isEmpty)
        let text = """
            {"message_type":"committed_transcript_with_timestamps","text":"Hello you","language_code":"en",
             "words":[{"text":"Hello","start":0.1,"end":0.4,"type":"word"},{"text":" ","start":0.4,"end":0.5,"type":"spacing"},
             {"text":"you","start":0.5,"end":0.7,"type":"word"}]}
            """
        guard case .heard(let result)? = try take(text).first else { throw Wrong() }
        #expect(result.text == "Hello you" && result.isFinal && result.answersFinalize && result.language == "en")
        #expect(result.words.map(\.text) == ["Hello", "you"])
    }

    @Test(arguments: [
        ("auth_error", ProviderError.Kind.permanent), ("quota_exceeded", .permanent), ("rate_limited", .capacity),
        ("session_time_limit_exceeded", .transient), ("transcriber_error", .transient),
    ])
    func failuresSayWhetherToTryAgain(type: String, kind: ProviderError.Kind) {
        #expect { try take(#"{"message_type":"\#(type)","error":"because"}"#) } throws: { error in
            (error as? ProviderError)?.kind == kind && "\(error)" == "\(type): because"
        }
    }

    @Test func otherMessagesDoNoHarm() throws {
        #expect(try take(#"{"message_type":"session_started","session_id":"x"}"#).isEmpty)
        #expect(try take(#"{"message_type":"warning","warning":"slow"}"#) == [.warning("slow")])
        #expect(throws: ProviderError.self) { try take(#"{"text":"no type"}"#) }
    }

    @Test func asksForTheFormatOfTheCall() {
        var parameters = ElevenLabsSTT.Parameters()
        parameters.language = "de"
        #expect(
            parameters.request(AudioFormat(rateHz: 8000, encoding: .mulaw)).url
                == "wss://api.elevenlabs.io/v1/speech-to-text/realtime?model_id=scribe_v2_realtime"
                + "&audio_format=ulaw_8000&commit_strategy=manual&include_timestamps=true&language_code=de")
    }

    private struct Wrong: Error {}
}
