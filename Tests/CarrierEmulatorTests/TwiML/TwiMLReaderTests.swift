// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CarrierEmulator

@Suite struct TwiMLReaderTests {
    private func read(_ body: String) throws -> TwiMLReader.Document {
        try TwiMLReader.read(Array("<Response>\(body)</Response>".utf8))
    }

    @Test func readsTheVerbsOfTheTwiMLLoop() throws {
        let document = try read(
            """
            <Say>Hello, this is an AI</Say>
            <Record action="/handle/recording" maxLength="30" timeout="3" transcribeCallback="/transcribed"/>
            <Redirect method="GET">/again?x=1&amp;y=2</Redirect>
            """)
        var record = TwiMLVerb.Record(action: .init(url: "/handle/recording"))
        record.maxLength = .seconds(30)
        record.timeout = .seconds(3)
        record.transcribes = true
        record.transcribeCallback = "/transcribed"
        #expect(
            document.verbs == [
                .say(.init(text: "Hello, this is an AI")), .record(record),
                .redirect(url: "/again?x=1&y=2", method: "GET"),
            ])
        #expect(document.warnings == [])
    }

    @Test func readsStreamsAndRelays() throws {
        let document = try read(
            """
            <Connect action="/after"><Stream url="wss://a.example.com/media"><Parameter name="token" value="7"/></Stream></Connect>
            <Connect><ConversationRelay url="wss://a.example.com/cr" welcomeGreeting="Hi" interruptible="none"
                dtmfDetection="true"/></Connect>
            """)
        guard case .stream(let stream) = document.verbs[0], case .relay(let relay) = document.verbs[1] else {
            Issue.record("\(document.verbs)")
            return
        }
        #expect(stream.url == "wss://a.example.com/media")
        #expect(stream.parameters == [FormField("token", "7")])
        #expect(stream.action?.url == "/after")
        #expect(relay.welcomeGreeting == "Hi")
        #expect(!relay.isInterruptible)
        #expect(relay.isGreetingInterruptible)
        #expect(relay.detectsKeys)
    }

    @Test func readsAGatherWithItsPrompts() throws {
        let document = try read(
            #"<Gather input="speech dtmf" action="/heard" timeout="4" numDigits="1" bargeIn="false"><Say>Press one</Say></Gather>"#
        )
        guard case .gather(let gather) = document.verbs.first else {
            Issue.record("\(document.verbs)")
            return
        }
        #expect(gather.takesSpeech && gather.takesKeys && !gather.bargeIn)
        #expect(gather.numDigits == 1)
        #expect(gather.timeout == .seconds(4))
        #expect(gather.prompts == [.say(.init(text: "Press one"))])
    }

    @Test(arguments: [
        ("<Speak/>", 12200), ("<Connect/>", 12200), ("<Connect><Stream/></Connect>", 12200), ("<Play/>", 13420),
        ("<Play digits='12a'/>", 13430), ("<Gather><Dial>1</Dial></Gather>", 13330), ("<Say>", 12100),
        ("<Connect><Stream url='wss://a' track='both_tracks'/></Connect>", 12200),
        ("<Connect><ConversationRelay/></Connect>", 64101), ("<Enqueue/>", 12200), ("<Refer/>", 12200),
        ("<Refer><Number>+15550102</Number></Refer>", 12200), ("<Start><Stream url='wss://a'/></Start>", 12200),
        ("<Stop><Stream name='a'/></Stop>", 12200), ("<Pay/>", 12200), ("<Leave/>", 12200),
    ])
    func endsTheCallWithTheCarriersCode(_ body: String, _ code: Int) {
        let warning = #expect(throws: CarrierWarning.self) { try read(body) }
        #expect(warning?.code == code)
    }

    @Test func warnsOfUnknownAttributes() throws {
        #expect(try read("<Say speed='2'>Hi</Say>").warnings.map(\.code) == [12200])
    }
}
