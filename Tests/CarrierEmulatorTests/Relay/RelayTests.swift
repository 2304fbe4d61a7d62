// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import CarrierEmulator

@Suite struct RelaySpeechTests {
    private func piece(_ token: String, _ isLast: Bool = false) -> RelayCommand.Text {
        .init(token: token, isLast: isLast)
    }

    @Test func speaksWholeWordsAtASteadyPace() {
        var speech = RelaySpeech()
        _ = speech.append(piece("Life is a com"), isInterruptible: true)
        // "Life" takes 240 ms, " is" 180 ms, " a" 120 ms; "com" may be a part of a word.
        #expect(speech.advance(by: .milliseconds(430)).words == ["Life", "is"])
        #expect(speech.advance(by: .seconds(5)).words == ["a"])
        _ = speech.append(piece("plex set.", true), isInterruptible: true)
        let (words, replies) = speech.advance(by: .seconds(5))
        #expect(words == ["complex", "set."])
        #expect(replies.map(\.text) == ["Life is a complex set."])
        #expect(!speech.isSpeaking && speech.isEmpty)
    }

    @Test func knowsHowFarItHasComeWhenItIsInterrupted() {
        var speech = RelaySpeech()
        _ = speech.append(piece("Life is a complex set of things.", true), isInterruptible: true)
        _ = speech.advance(by: .milliseconds(600))
        let spoken = speech.interrupt()
        #expect(spoken.text == "Life is a")
        #expect(spoken.duration == .milliseconds(540))
        #expect(!speech.isSpeaking)
    }

    @Test func aReplyThatMayBePreemptedMakesWayForTheNext() {
        var speech = RelaySpeech()
        _ = speech.append(
            .init(token: "Please wait a moment. ", isLast: true, isPreemptible: true), isInterruptible: true)
        _ = speech.advance(by: .milliseconds(400))
        let cut = speech.append(piece("Here it is.", true), isInterruptible: true)
        #expect(cut?.text == "Please")
        #expect(speech.advance(by: .seconds(9)).replies.map(\.text) == ["Here it is."])
    }

    @Test func saysTheSameHoweverItIsCutIntoTokens() {
        let text = "One two, three.  Four\nfive six!"
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            var speech = RelaySpeech()
            var rest = text[...]
            var words: [String] = []
            while !rest.isEmpty {
                let token = rest.prefix(Int.random(in: 1...6, using: &random))
                rest = rest.dropFirst(token.count)
                _ = speech.append(piece(String(token), rest.isEmpty), isInterruptible: true)
                words += speech.advance(by: .milliseconds(Int.random(in: 0...300, using: &random))).words
            }
            words += speech.advance(by: .seconds(60)).words
            #expect(words == ["One", "two,", "three.", "Four", "five", "six!"])
        }
    }
}

@Suite struct RelayCommandTests {
    @Test func readsTheDocumentedMessages() throws {
        func read(_ text: String) throws -> RelayCommand { try RelayCommand(parsing: Array(text.utf8)) }
        #expect(try read(#"{"type":"text","token":"Hi ","last":false}"#) == .text(.init(token: "Hi ")))
        #expect(
            try read(#"{"type":"text","token":"","last":true,"interruptible":false,"preemptible":true}"#)
                == .text(.init(token: "", isLast: true, isInterruptible: false, isPreemptible: true)))
        #expect(try read(#"{"type":"play","source":"https://a/b.mp3"}"#) == .play(source: "https://a/b.mp3"))
        #expect(try read(#"{"type":"sendDigits","digits":"9ww1#"}"#) == .sendDigits("9ww1#"))
        #expect(try read(#"{"type":"language","ttsLanguage":"sv-SE"}"#) == .language(tts: "sv-SE", transcription: nil))
        #expect(try read(#"{"type":"end","handoffData":"{}"}"#) == .end(handoffData: "{}"))
    }

    @Test(arguments: [
        #"{"type":"text"}"#, #"{"type":"text","token":null}"#, #"{"type":"text","token":"a","last":"yes"}"#,
        #"{"type":"text","token":"a","interruptible":"any"}"#, #"{"type":"sendDigits","digits":""}"#,
        #"{"type":"sendDigits","digits":"A"}"#, #"{"type":"language"}"#, #"{"type":"response.create"}"#, "{", "[]",
        #"{"type":"end","handoffData":{}}"#, #"{"type":"play"}"#,
    ])
    func refuses(_ text: String) {
        let warning = #expect(throws: CarrierWarning.self) { try RelayCommand(parsing: Array(text.utf8)) }
        #expect(warning?.code == 64107)
        #expect(warning?.message == "Invalid message received: \(text)")
    }
}
