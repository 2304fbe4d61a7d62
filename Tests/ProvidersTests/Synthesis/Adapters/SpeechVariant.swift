// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import ProviderDoubles
import Testing

@testable import Providers

/// Every way of speaking with a provider, each with its double.
enum SpeechVariant: String, CaseIterable, CustomTestStringConvertible {
    case deepgramSocket, deepgramTelephone, deepgramHTTP, elevenLabsSocket, elevenLabsTelephone, elevenLabsHTTP
    case openAI, openAIWave, piper, oldPiper, coqui, xtts, wyoming, hastyWyoming

    /// 4 ms a character: short enough for thousands of exchanges.
    static var brief: DoubleSpeech {
        var speech = DoubleSpeech()
        speech.perCharacter = .milliseconds(4)
        speech.piece = .milliseconds(15)
        return speech
    }

    var testDescription: String { rawValue }

    /// Whether exchanges are messages on a socket that is open from the start.
    var isSocket: Bool { rawValue.hasSuffix("Socket") || rawValue.hasSuffix("Telephone") }

    /// The format of what is emitted.
    var format: AudioFormat {
        switch self {
        case .deepgramTelephone, .elevenLabsTelephone: AudioFormat(rateHz: 8000, encoding: .mulaw)
        case .piper, .oldPiper, .coqui, .wyoming, .hastyWyoming: AudioFormat(rateHz: 22_050)
        default: AudioFormat(rateHz: 24_000)
        }
    }

    /// Starts a session.
    func rig(
        _ speech: DoubleSpeech = SpeechVariant.brief, faults: [DoubleFault] = [], cache: SpeechCache? = nil,
        prerender: [String] = []
    ) throws -> SpeechRig {
        switch self {
        case .deepgramSocket, .deepgramTelephone, .deepgramHTTP:
            var parameters = DeepgramTTS.Parameters()
            parameters.mode = self == .deepgramHTTP ? .http : .websocket
            if self == .deepgramTelephone { (parameters.encoding, parameters.rateHz) = (.mulaw, 8000) }
            parameters.provider.apiKey = Secret("key")
            parameters.speech.prerendered = prerender
            return try SpeechRig(
                DeepgramTTS.self, parameters, DeepgramSpeechDouble(speech, key: "key"), faults: faults, cache: cache)
        case .elevenLabsSocket, .elevenLabsTelephone, .elevenLabsHTTP:
            var parameters = ElevenLabsTTS.Parameters()
            parameters.mode = self == .elevenLabsHTTP ? .http : .websocket
            if self == .elevenLabsTelephone { (parameters.encoding, parameters.rateHz) = (.mulaw, 8000) }
            parameters.provider.apiKey = Secret("key")
            parameters.speech.prerendered = prerender
            let double = ElevenLabsSpeechDouble(speech, key: "key")
            return try SpeechRig(ElevenLabsTTS.self, parameters, double, faults: faults, cache: cache)
        case .openAI, .openAIWave:
            var parameters = OpenAITTS.Parameters()
            parameters.container = self == .openAIWave ? .wav : .pcm
            parameters.provider.apiKey = Secret("key")
            parameters.speech.prerendered = prerender
            let double = OpenAISpeechDouble(speech, key: "key", waveRateHz: 24_000)
            return try SpeechRig(OpenAITTS.self, parameters, double, faults: faults, cache: cache)
        default: return try localRig(speech, faults, cache, prerender)
        }
    }

    private func localRig(
        _ speech: DoubleSpeech, _ faults: [DoubleFault], _ cache: SpeechCache?, _ prerender: [String]
    ) throws -> SpeechRig {
        switch self {
        case .coqui, .xtts:
            var parameters = CoquiTTS.Parameters()
            if self == .xtts {
                (parameters.server, parameters.speaker, parameters.rateHz) = (.xtts, "Claribel Dervla", 24_000)
            }
            parameters.speech.prerendered = prerender
            return try SpeechRig(CoquiTTS.self, parameters, CoquiDouble(speech), faults: faults, cache: cache)
        case .wyoming, .hastyWyoming:
            var parameters = WyomingTTS.Parameters()
            parameters.speech.prerendered = prerender
            let double = WyomingSpeechDouble(speech, closesAfterEach: self == .hastyWyoming)
            return try SpeechRig(WyomingTTS.self, parameters, double, faults: faults, cache: cache)
        default:
            var parameters = PiperTTS.Parameters()
            parameters.speech.prerendered = prerender
            let double = PiperDouble(speech, isOld: self == .oldPiper)
            return try SpeechRig(PiperTTS.self, parameters, double, faults: faults, cache: cache)
        }
    }

    /// What a sentence must sound like, to the byte.
    func bytes(of text: String, _ speech: DoubleSpeech = SpeechVariant.brief) -> [UInt8] {
        speech.bytes(of: text, format)
    }
}
