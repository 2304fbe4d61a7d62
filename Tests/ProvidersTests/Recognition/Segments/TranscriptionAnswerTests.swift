// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Testing

@testable import Providers

struct TranscriptionAnswerTests {
    private func read(_ text: String) throws -> TranscriptionAnswer {
        try TranscriptionAnswer(ByteBuffer(string: text))
    }

    @Test func readsPlainTextAndJSON() throws {
        #expect(try read(" Hello there.\n How are you?\n").text == "Hello there. How are you?")
        #expect(
            try read(#"{"text":" Hello there.\n How are you?\n","usage":{"type":"tokens"}}"#).text
                == "Hello there. How are you?")
        #expect(try read("").text.isEmpty)
        #expect(try read(#"{"text":""}"#) == TranscriptionAnswer())
    }

    @Test func readsTheWordsOfOpenAI() throws {
        let answer = try read(
            """
            {"task":"transcribe","language":"english","duration":1.2,"text":"Hello you.",
             "segments":[{"id":0,"start":0.0,"end":1.2,"text":" Hello you.","avg_logprob":-0.2,"no_speech_prob":0.01}],
             "words":[{"word":"Hello","start":0.1,"end":0.5},{"word":"you","start":0.6,"end":0.9}]}
            """)
        #expect(answer.text == "Hello you.")
        #expect(answer.language == "english")
        #expect(answer.words.map(\.text) == ["Hello", "you"])
        #expect(answer.words[1].start == .milliseconds(600))
    }

    @Test func joinsThePiecesOfWhisperCpp() throws {
        let answer = try read(
            """
            {"text":" Reserv\\nation.\\n","segments":[
             {"text":" Reserv","start":0.0,"end":0.5,"words":[{"word":" Res","start":0.1,"end":0.3},{"word":"erv","start":0.3,"end":0.5}]},
             {"text":"ation.","start":0.5,"end":0.9,"words":[{"word":"ation","start":0.5,"end":0.8},{"word":".","start":0.8,"end":0.9}]}]}
            """)
        #expect(answer.text == "Reservation.")
        #expect(answer.words == [TimedWord("Reservation.", start: .milliseconds(100), end: .milliseconds(900))])
    }

    @Test func leavesOutWhatWhisperInventsInSilence() throws {
        let answer = try read(
            """
            {"text":" Hello. Thank you.","segments":[
             {"text":" Hello.","start":0,"end":1,"avg_logprob":-0.2,"no_speech_prob":0.9},
             {"text":" Thank you.","start":1,"end":3,"avg_logprob":-1.5,"no_speech_prob":0.9}],
             "words":[{"word":"Hello","start":0.1,"end":0.5},{"word":"Thank","start":1.2,"end":1.4}]}
            """)
        #expect(answer.text == "Hello.")
        #expect(answer.words.map(\.text) == ["Hello"])
        let nothing = #"{"text":"You","segments":[{"text":"You","avg_logprob":-1.2,"no_speech_prob":0.7}]}"#
        #expect(try read(nothing) == TranscriptionAnswer())
    }

    @Test(arguments: [
        ("[BLANK_AUDIO]", ""), ("(music)", ""), ("♪ la la ♪", "la la"), ("Yes [noise] please.", "Yes please."),
        ("*coughs* No", "No"), ("a (b", "a (b"),
    ])
    func leavesOutRemarks(text: String, spoken: String) throws { #expect(try read(text).text == spoken) }

    @Test func whatIsCutIsAnErrorAndNeverHalfAText() {
        let whole = Array(#"{"text":"Hello","segments":[{"text":"Hello","start":0.0,"end":1.0}]}"#.utf8)
        for end in 1..<whole.count {
            #expect { try TranscriptionAnswer(ByteBuffer(bytes: whole[..<end])) } throws: {
                ($0 as? ProviderError)?.kind == .malformed
            }
        }
        #expect(throws: ProviderError.self) { try TranscriptionAnswer(ByteBuffer(bytes: [0xFF, 0xFE])) }
        #expect(throws: ProviderError.self) { try read("{}") }
    }
}
