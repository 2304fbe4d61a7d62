// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

@Suite struct RelayMessageTests {
    private static let setup = """
        {"type":"setup","sessionId":"VX1","accountSid":"AC1","parentCallSid":"","callSid":"CA1","from":"+18005550100",
         "to":"+18005550101","forwardedFrom":"","callType":"PSTN","callerName":"","direction":"inbound",
         "callStatus":"RINGING","customParameters":{"token":"t1","number":5}}
        """

    private static let golden: [(text: String, message: RelayMessage)] = [
        (
            setup,
            .setup(
                .init(
                    sessionID: "VX1", callSID: "CA1", from: "+18005550100", to: "+18005550101", direction: "inbound",
                    parameters: ["token": "t1"]))
        ),
        (#"{"type":"setup","sessionId":"VX1","callSid":"CA1"}"#, .setup(.init(sessionID: "VX1", callSID: "CA1"))),
        (
            #"{"type":"prompt","voicePrompt":"Hi! Can you tell me about life?","lang":"en-US","last":true}"#,
            .prompt("Hi! Can you tell me about life?", language: "en-US", isLast: true)
        ),
        (
            #"{"type":"prompt","voicePrompt":"Hi","last":false,"agentSpeaking":true}"#,
            .prompt("Hi", language: nil, isLast: false)
        ),
        (#"{"type":"dtmf","digit":"1"}"#, .key(DTMF("1")!)),
        (
            #"{"type":"interrupt","utteranceUntilInterrupt":"Life is a complex set of","durationUntilInterruptMs":460}"#,
            .interrupted(heard: "Life is a complex set of")
        ),
        (
            #"{"type":"interrupt","utteranceUntilInterrupt":"Life","durationUntilInterruptMs":"460"}"#,
            .interrupted(heard: "Life")
        ),
        (#"{"type":"interrupt"}"#, .interrupted(heard: nil)),
        (#"{"type":"error","description":"Invalid message received"}"#, .error("Invalid message received")),
        (#"{"type":"info","name":"agentSpeaking","value":"on","ts":1719772800123}"#, .agentSpeaking(true)),
        (#"{"type":"info","name":"clientSpeaking","value":"off","ts":1719772801456}"#, .callerSpeaking(false)),
        (#"{"type":"info","name":"tokensPlayed","value":"Life is a complex"}"#, .spoken("Life is a complex")),
        (#"{"type":"info","name":"agentSpeaking","value":7}"#, .other),
        (#"{"type":"debug","roundTripDelayMs":12}"#, .other), (#"{"type":"new_kind"}"#, .other),
    ]

    @Test(arguments: golden.indices)
    func readsTheDocumentedMessages(index: Int) throws {
        let (text, message) = Self.golden[index]
        #expect(try RelayMessage(parsing: text.utf8) == message)
    }

    @Test(arguments: [
        "", "[]", "{}", "7", #"{"type":7}"#, #"{"type":"setup"}"#,
        #"{"type":"setup","sessionId":"VX1","callSid":null}"#,
        #"{"type":"prompt"}"#, #"{"type":"prompt","voicePrompt":[]}"#, #"{"type":"dtmf","digit":"12"}"#,
        #"{"type":"dtmf","digit":1}"#, #"{"type":"dtmf","digit":"x"}"#, #"{"type":"prompt","voicePrompt":"#,
    ])
    func refusesMessagesThatAreUseless(text: String) {
        #expect(throws: JSONError.self) { try RelayMessage(parsing: text.utf8) }
    }

    @Test func neverTrapsWhateverTheBytes() {
        var random = SeededGenerator(seed: 11)
        for round in 0..<3000 {
            var bytes = Array(Self.golden[round % Self.golden.count].text.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            _ = try? RelayMessage(parsing: bytes)
            _ = try? RelayMessage(parsing: bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
        }
    }

    @Test func writesTheDocumentedCommands() {
        #expect(RelayCommand.text("Hello ", isLast: false) == #"{"type":"text","token":"Hello ","last":false}"#)
        #expect(
            RelayCommand.text("a\"\n", isLast: true, isInterruptible: false, isPreemptible: true)
                == #"{"type":"text","token":"a\"\n","last":true,"interruptible":false,"preemptible":true}"#)
        #expect(
            RelayCommand.play(MediaToPlay(url: "https://a/b.mp3", loops: 2))
                == #"{"type":"play","source":"https://a/b.mp3","loop":2,"preemptible":false,"interruptible":true}"#)
        #expect(RelayCommand.keys("9www408#") == #"{"type":"sendDigits","digits":"9www408#"}"#)
        #expect(RelayCommand.keys("") == nil && RelayCommand.keys("12A") == nil)
        #expect(
            RelayCommand.language(LanguageChange(speech: "sv-SE", recognition: "sv-SE"))
                == #"{"type":"language","ttsLanguage":"sv-SE","transcriptionLanguage":"sv-SE"}"#)
        #expect(RelayCommand.language(LanguageChange()) == nil)
        #expect(
            RelayCommand.end(handOff: #"{"reason":"person"}"#)
                == #"{"type":"end","handoffData":"{\"reason\":\"person\"}"}"#)
        #expect(RelayCommand.end(handOff: nil) == #"{"type":"end"}"#)
        #expect(
            RelayCommand.response("Hello.") == #"{"type":"response.create","response":{"speech":"Hello."}}"#)
    }

    @Test func writesEveryAttribute() throws {
        var settings = RelayParameters.template
        settings.welcomeGreeting = "Hi & welcome"
        settings.language = "en-US"
        settings.ttsProvider = "ElevenLabs"
        settings.partialPrompts = true
        settings.eotThreshold = 0.7
        settings.speechTimeout = .milliseconds(900)
        settings.events = ["speaker-events", "tokens-played"]
        settings.languages = [RelayLanguage()]
        let verb = TwiML.Connect(
            service: TwiML.ConversationRelay(
                url: "wss://a.example/ws/1", settings: settings, parameters: [.init(name: "token", value: "x")]),
            action: "/over")
        #expect(
            verb.element.text == #"<Connect action="/over" method="POST"><ConversationRelay url="wss://a.example/ws/1""#
                + #" welcomeGreeting="Hi &amp; welcome" language="en-US" ttsProvider="ElevenLabs" interruptible="any""#
                + #" reportInputDuringAgentSpeech="none" dtmfDetection="true" partialPrompts="true" eotThreshold="0.7""#
                + #" speechTimeout="900" events="speaker-events tokens-played"><Language code="sv-SE"/>"#
                + #"<Parameter name="token" value="x"/></ConversationRelay></Connect>"#)
    }
}
