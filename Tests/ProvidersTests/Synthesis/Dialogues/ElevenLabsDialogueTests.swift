// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Testing

@testable import Providers

@Suite struct ElevenLabsDialogueTests {
    private func message(_ text: String) -> ProviderMessage { .text(ByteBuffer(string: text)) }

    @Test func aSentenceIsOneContextThatIsClosedBehindIt() {
        var contexts = ElevenLabsContexts(settings: ["stability": 0.5])
        #expect(
            contexts.speak("Hello.") == [
                #"{"text":" ","context_id":"s1","voice_settings":{"stability":0.5}}"#,
                #"{"text":"Hello. ","context_id":"s1","flush":true}"#,
                #"{"context_id":"s1","close_context":true}"#,
            ])
        var plain = ElevenLabsContexts(settings: .object([]))
        #expect(plain.speak("Hello.").first == #"{"text":" ","context_id":"s1"}"#)
    }

    @Test(arguments: [
        #"{"audio":"AQI=","contextId":"s1","isFinal":null,"alignment":{"chars":["H"],"charStartTimesMs":[0],"charDurationsMs":[80]}}"#,
        #"{"audio":"AQI=","context_id":"s1","is_final":false,"alignment":{"chars":["H"],"charsStartTimesMs":[0],"charsDurationsMs":[80]}}"#,
        #"{"audio":"AQI=","contextId":"s1","alignment":null,"normalizedAlignment":{"chars":["H"],"charStartTimesMs":[0],"charDurationsMs":[80]}}"#,
    ])
    func readsEverySpelling(_ text: String) throws {
        var contexts = ElevenLabsContexts(settings: .object([]))
        _ = contexts.speak("H")
        let alignment = SpeechAlignment(characters: [("H", .zero, .milliseconds(80))])
        let expected = SpeechReply(parts: [.alignment(alignment), .audio(ByteBuffer(bytes: [1, 2]))])
        #expect(try contexts.take(message(text)) == expected)
    }

    @Test func readsALineWithTimeStamps() throws {
        let line =
            #"{"audio_base64":"AQI=","alignment":{"characters":["H"],"character_start_times_seconds":[0.5],"character_end_times_seconds":[0.75]}}"#
        let alignment = SpeechAlignment(characters: [("H", .milliseconds(500), .milliseconds(750))])
        #expect(
            try ElevenLabsMessage(ByteBuffer(string: line)).parts == [
                .alignment(alignment), .audio(ByteBuffer(bytes: [1, 2])),
            ])
    }

    @Test func refusesWhatComesLateForASentenceThatWasBrokenOff() throws {
        var contexts = ElevenLabsContexts(settings: .object([]))
        _ = contexts.speak("Old.")
        #expect(contexts.breakOff().isEmpty)
        _ = contexts.speak("New.")
        #expect(try contexts.take(message(#"{"audio":"AQI=","contextId":"s1"}"#)) == .nothing)
        #expect(try contexts.take(message(#"{"audio":null,"isFinal":true,"contextId":"s1"}"#)) == .nothing)
        #expect(
            try contexts.take(message(#"{"audio":"AQI=","contextId":"s2","isFinal":true}"#))
                == SpeechReply(parts: [.audio(ByteBuffer(bytes: [1, 2]))], isLast: true))
        #expect(try contexts.take(message(#"{"audio":"AQI=","contextId":"s2"}"#)) == .nothing)
    }

    @Test func asksForAnotherSocketBeforeContextsRunOut() throws {
        var contexts = ElevenLabsContexts(settings: .object([]))
        for _ in 0..<4 {
            #expect(!contexts.isExhausted)
            _ = contexts.speak("Old.")
            _ = contexts.breakOff()
        }
        #expect(contexts.isExhausted)
        _ = try contexts.take(message(#"{"isFinal":true,"contextId":"s2"}"#))
        #expect(!contexts.isExhausted)
    }

    @Test(arguments: [
        ("max_active_conversations", ProviderError.Kind.capacity), ("system_busy", .capacity),
        ("quota_exceeded", .permanent), ("invalid_api_key", .permanent),
    ])
    func reportsErrorsByTheirKind(_ name: String, _ kind: ProviderError.Kind) throws {
        var contexts = ElevenLabsContexts(settings: .object([]))
        let error = #expect(throws: ProviderError.self) {
            try contexts.take(message(#"{"message":"no","error":"\#(name)","code":1008}"#))
        }
        #expect(error?.kind == kind)
    }

    @Test(arguments: ["", "[]", "{", #"{"audio":"%%","contextId":"s1"}"#]) func reportsWhatIsNoMessage(_ text: String) {
        var contexts = ElevenLabsContexts(settings: .object([]))
        _ = contexts.speak("Hello.")
        #expect(throws: ProviderError.self) { try contexts.take(message(text)) }
    }

    @Test(arguments: [
        #"{"chars":["H","i"],"charStartTimesMs":[0],"charDurationsMs":[80]}"#, #"{"chars":[]}"#, "null", "7",
        #"{"chars":["H"],"charStartTimesMs":["0"],"charDurationsMs":[80]}"#,
    ])
    func anAlignmentThatMakesNoSenseIsNone(_ alignment: String) throws {
        let text = #"{"audio":"AQI=","contextId":"s1","alignment":\#(alignment)}"#
        #expect(try ElevenLabsMessage(ByteBuffer(string: text)).parts == [.audio(ByteBuffer(bytes: [1, 2]))])
    }

    @Test func theWordsHaveTheTimesOfTheProvider() throws {
        let rig = try SpeechVariant.elevenLabsSocket.rig()
        let words = rig.speak("Hello there, Alice.").words
        #expect(words.map(\.text) == ["Hello", "there,", "Alice."])
        // 4 ms a character; a cut sample moves a piece by less than one.
        for (word, start) in zip(words, [0, 24, 52]) {
            #expect(abs((word.start - .milliseconds(start)).milliseconds) < 1, "\(word)")
        }
        #expect(rig.leftovers().isEmpty)
    }
}
