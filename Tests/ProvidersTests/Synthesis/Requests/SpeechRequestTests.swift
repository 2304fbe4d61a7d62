// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import ProviderDoubles
import Testing

@testable import Providers

/// What is asked of each provider, to the byte.
@Suite struct SpeechRequestTests {
    /// Says a sentence and returns the request that it became.
    private func request(_ variant: SpeechVariant) throws -> DoubleRequest {
        let rig = try variant.rig()
        _ = rig.speak("Say \"yes\", Ann.")
        return try #require(rig.network.journal.requests.last)
    }

    @Test func openAI() throws {
        let request = try request(.openAI)
        #expect(request.path == "/v1/audio/speech")
        #expect(request.header("authorization") == "Bearer key")
        #expect(request.header("content-type") == "application/json")
        #expect(
            String(buffer: request.body)
                == #"{"model":"gpt-4o-mini-tts","voice":"alloy","input":"Say \"yes\", Ann.","response_format":"pcm"}"#)
        var parameters = OpenAITTS.Parameters()
        (parameters.speed, parameters.instructions, parameters.container) = (1.5, "Calmly.", .wav)
        let content = OpenAISpeech.content("Hi.", parameters)
        #expect(content["speed"] == .number(1.5))
        #expect(content["instructions"] == "Calmly.")
        #expect(content["response_format"] == "wav")
    }

    @Test func elevenLabs() throws {
        let request = try request(.elevenLabsHTTP)
        #expect(request.path == "/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM/stream/with-timestamps")
        #expect(request.parameter("output_format") == "pcm_24000")
        #expect(request.header("xi-api-key") == "key")
        #expect(
            String(buffer: request.body) == #"{"text":"Say \"yes\", Ann.","model_id":"eleven_flash_v2_5"}"#)
        let socket = try self.request(.elevenLabsTelephone)
        #expect(socket.path == "/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM/multi-stream-input")
        #expect(socket.parameter("output_format") == "ulaw_8000")
        #expect(socket.parameter("sync_alignment") == "true")
    }

    @Test func piper() throws {
        let request = try request(.piper)
        #expect(request.path == "/synthesize")
        #expect(request.header("content-type") == "application/json")
        #expect(String(buffer: request.body) == #"{"text":"Say \"yes\", Ann."}"#)
        var parameters = PiperTTS.Parameters()
        (parameters.voice, parameters.speaker, parameters.stretch) = ("amy", 3, 1.25)
        #expect(
            PiperServer.content("Hi.", parameters).description
                == #"{"text":"Hi.","voice":"amy","speaker_id":3,"length_scale":1.25}"#)
    }

    @Test func anOldPiperIsAskedAtItsRootFromThenOn() throws {
        let rig = try SpeechVariant.oldPiper.rig()
        _ = rig.speak("One.")
        _ = rig.speak("Two.")
        #expect(rig.network.journal.requests.map(\.path) == ["/synthesize", "/", "/"])
        #expect(rig.errors.isEmpty)
        #expect(rig.leftovers().isEmpty)
    }

    @Test func coqui() throws {
        let request = try request(.coqui)
        #expect(request.path == "/api/tts")
        #expect(request.header("content-type") == "application/x-www-form-urlencoded")
        #expect(String(buffer: request.body) == "text=Say%20%22yes%22%2C%20Ann.")
        var parameters = CoquiTTS.Parameters()
        (parameters.speaker, parameters.language) = ("p 225", "de")
        #expect(CoquiServer.form("Hi.", parameters) == "text=Hi.&speaker_id=p%20225&language_id=de")
    }

    @Test func xttsFetchesItsSpeakerOnce() throws {
        let rig = try SpeechVariant.xtts.rig()
        _ = rig.speak("One.")
        _ = rig.speak("Two.")
        let requests = rig.network.journal.requests
        #expect(requests.map(\.path) == ["/studio_speakers", "/tts_stream", "/tts_stream"])
        let body = try #require(requests.last?.json)
        #expect(body["speaker_embedding"] == [.number(0.25), .number(-0.5)])
        #expect(body["stream_chunk_size"] == "20")
        #expect(body["add_wav_header"] == false)
        #expect(rig.leftovers().isEmpty)
    }

    @Test func xttsNamesTheRemedyForAnUnknownSpeaker() throws {
        var parameters = CoquiTTS.Parameters()
        (parameters.server, parameters.speaker) = (.xtts, "Nobody")
        let rig = try SpeechRig(CoquiTTS.self, parameters, CoquiDouble())
        #expect(rig.errors.first?.message.contains("no speaker 'Nobody'") == true)
        #expect(rig.leftovers().isEmpty)
    }

    @Test func wyoming() {
        var parameters = WyomingTTS.Parameters()
        (parameters.voice, parameters.speaker) = ("amy", "p1")
        #expect(
            String(buffer: WyomingSpeech.request("Hé.", parameters).bytes)
                == #"{"type":"synthesize","data_length":53}"# + "\n"
                + #"{"text":"Hé.","voice":{"name":"amy","speaker":"p1"}}"#)
    }

    @Test func aWyomingConnectionIsUsedAgain() throws {
        let rig = try SpeechVariant.wyoming.rig()
        for text in ["One.", "Two.", "Three."] { _ = rig.speak(text) }
        #expect(rig.network.journal.exchanges.count == 1)
        #expect(rig.leftovers().isEmpty)
        let hasty = try SpeechVariant.hastyWyoming.rig()
        for text in ["One.", "Two.", "Three."] { _ = hasty.speak(text) }
        #expect(hasty.network.journal.exchanges.count == 3)
        #expect(hasty.leftovers().isEmpty)
    }

    @Test func aServersOwnRateBecomesThePromisedOne() throws {
        var parameters = OpenAITTS.Parameters()
        (parameters.container, parameters.rateHz) = (.wav, 16_000)
        let double = OpenAISpeechDouble(SpeechVariant.brief, waveRateHz: 48_000)
        let rig = try SpeechRig(OpenAITTS.self, parameters, double)
        let speech = rig.speak("At another rate.")
        #expect(speech.formats == [.wideband])
        #expect(speech.sampleCount == 16 * 4 * 16)
        let value = DoubleSpeech.value(of: "At another rate.")
        let middle = speech.samples[speech.sampleCount / 2]
        #expect(abs(Int(middle) - Int(value)) < Int(value) / 50)
        #expect(rig.leftovers().isEmpty)
    }

    @Test func compressedSoundIsNotPlayedAsNoise() throws {
        let answer = DoubleFault.with {
            $0.refusal = .answer(DoubleAnswer(contentType: "audio/mpeg", body: [.bytes(Array("ID3".utf8))]))
        }
        let rig = try SpeechVariant.openAI.rig(faults: [answer])
        #expect(rig.speak("Noise?").bytes.isEmpty)
        #expect(rig.errors.first?.message.contains("audio/mpeg") == true)
        #expect(rig.leftovers().isEmpty)
    }
}
