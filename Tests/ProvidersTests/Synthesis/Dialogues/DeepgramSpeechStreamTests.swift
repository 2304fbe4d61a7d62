// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import ProviderDoubles
import Testing

@testable import Providers

@Suite struct DeepgramSpeechStreamTests {
    private func text(_ text: String) -> ProviderMessage { .text(ByteBuffer(string: text)) }
    private func audio(_ byte: UInt8) -> ProviderMessage { .binary(ByteBuffer(bytes: [byte, byte])) }

    @Test func asksForASentenceAndItsEnd() {
        var stream = DeepgramSpeechStream()
        #expect(
            stream.speak(#"Say "yes"."#) == [
                #"{"type":"Speak","text":"Say \"yes\". "}"#, #"{"type":"Flush"}"#,
            ])
    }

    @Test func theEndComesBehindTheAudio() throws {
        var stream = DeepgramSpeechStream()
        _ = stream.speak("Hi.")
        #expect(try stream.take(text(#"{"type":"Metadata","request_id":"r"}"#)) == .nothing)
        #expect(try stream.take(audio(1)) == SpeechReply(parts: [.audio(ByteBuffer(bytes: [1, 1]))]))
        #expect(try stream.take(text(#"{"type":"Warning","warn_msg":"slow"}"#)) == .nothing)
        #expect(try stream.take(text(#"{"type":"Flushed","sequence_id":0}"#)) == SpeechReply(isLast: true))
        #expect(stream.breakOff().isEmpty)
    }

    @Test func refusesWhatComesBeforeAClearIsConfirmed() throws {
        var stream = DeepgramSpeechStream()
        _ = stream.speak("Old.")
        #expect(stream.breakOff() == [#"{"type":"Clear"}"#])
        #expect(stream.breakOff().isEmpty)
        _ = stream.speak("New.")
        #expect(try stream.take(audio(1)) == .nothing)
        #expect(try stream.take(text(#"{"type":"Flushed","sequence_id":0}"#)) == .nothing)
        #expect(try stream.take(text(#"{"type":"Cleared","sequence_id":0}"#)) == .nothing)
        #expect(try stream.take(audio(2)) == SpeechReply(parts: [.audio(ByteBuffer(bytes: [2, 2]))]))
    }

    @Test func refusesAudioThatNobodyAskedFor() throws {
        var stream = DeepgramSpeechStream()
        #expect(try stream.take(audio(1)) == .nothing)
        #expect(try stream.take(text(#"{"type":"Flushed"}"#)) == .nothing)
    }

    @Test(arguments: ["", "{", "nonsense"]) func reportsWhatIsNoJSON(_ message: String) {
        var stream = DeepgramSpeechStream()
        #expect(throws: ProviderError.self) { try stream.take(text(message)) }
    }

    @Test func flushesTwentyTimesAMinute() {
        var budget = FlushBudget()
        let seconds = Array(0..<20) + [30, 59, 60, 60]
        let taken = seconds.map { (second: Int) in budget.take(at: MediaTime.zero + .seconds(second)) }
        #expect(taken == [Bool](repeating: true, count: 20) + [false, false, true, false])
    }

    @Test func aSentenceBeyondTheLimitIsAskedForOverHTTP() throws {
        let variant = SpeechVariant.deepgramSocket
        let rig = try variant.rig()
        for number in 0..<22 {
            rig.say("Number \(number).")
            rig.advance(by: .zero)
            #expect(rig.take().bytes == variant.bytes(of: "Number \(number)."))
        }
        #expect(rig.network.journal.requests.map(\.method) == ["GET", "POST", "POST"])
        #expect(rig.errors.isEmpty)
        #expect(rig.leftovers().isEmpty)
    }

    @Test func theRequestAsksForSamplesWithoutAHeader() {
        var parameters = DeepgramTTS.Parameters()
        (parameters.encoding, parameters.rateHz) = (.mulaw, 8000)
        parameters.provider.apiKey = Secret("secret")
        let request = DeepgramSpeech.request("Hi.", parameters)
        let query = "model=aura-2-thalia-en&encoding=mulaw&sample_rate=8000"
        #expect(request.url == "https://api.deepgram.com/v1/speak?\(query)&container=none")
        #expect(String(buffer: request.body) == #"{"text":"Hi."}"#)
        #expect(request.headers.contains { $0 == ("authorization", "Token secret") })
        #expect(DeepgramSpeech.socketRequest(parameters).url == "wss://api.deepgram.com/v1/speak?\(query)")
    }
}
