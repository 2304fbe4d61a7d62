// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import FoundationXML
import PipelineTesting
import Testing

@testable import Transports

@Suite struct TwiMLTests {
    @Test func writesADocument() {
        let document = TwiML(
            TwiML.Gather(
                action: "https://a.example/handle?step=2&call=CA1", timeout: .seconds(4), language: "en-US",
                prompts: [TwiML.Say(text: "How are you?", voice: "Polly.Joanna")]),
            TwiML.Pause(length: .milliseconds(1500)), TwiML.Hangup())
        #expect(
            document.text == #"<?xml version="1.0" encoding="UTF-8"?>"#
                + #"<Response><Gather input="speech" action="https://a.example/handle?step=2&amp;call=CA1" method="POST""#
                + #" timeout="4" speechTimeout="auto" language="en-US" bargeIn="true" actionOnEmptyResult="true">"#
                + #"<Say voice="Polly.Joanna">How are you?</Say></Gather><Pause length="2"/><Hangup/></Response>"#)
    }

    @Test func writesTheOtherVerbs() {
        let verbs: [(any TwiMLVerb, String)] = [
            (
                TwiML.Play(url: "https://a/b.mp3?x=1&y=2", loops: 0),
                #"<Play loop="0">https://a/b.mp3?x=1&amp;y=2</Play>"#
            ),
            (TwiML.Redirect(url: "/x"), #"<Redirect method="POST">/x</Redirect>"#),
            (TwiML.Reject(), "<Reject/>"),
            (
                TwiML.Dial(target: "+15550100", callerID: "+15550199", timeout: .seconds(20), action: "/after"),
                #"<Dial callerId="+15550199" timeout="20" action="/after" method="POST"><Number>+15550100</Number></Dial>"#
            ),
            (TwiML.Dial(target: "sip:a@b.example"), "<Dial><Sip>sip:a@b.example</Sip></Dial>"),
            (
                TwiML.Record(action: "/r", timeout: .seconds(3), maxLength: .seconds(20), transcribeCallback: "/t"),
                #"<Record action="/r" method="POST" timeout="3" maxLength="20" playBeep="false" trim="do-not-trim""#
                    + #" transcribe="true" transcribeCallback="/t"/>"#
            ),
            (
                TwiML.Connect(
                    service: TwiML.Stream(url: "wss://a/b", parameters: [.init(name: "token", value: "1\"2")]),
                    action: "/over"),
                #"<Connect action="/over" method="POST"><Stream url="wss://a/b"><Parameter name="token" value="1&quot;2"/>"#
                    + "</Stream></Connect>"
            ),
        ]
        for (verb, text) in verbs { #expect(verb.element.text == text) }
    }

    /// Whatever the agent says, a parser reads exactly that, in one element.
    @Test(arguments: [
        "</Say><Dial>+15550100</Dial><Say>", "a & b < c > d \" e ' f", "]]>", "<!-- x -->", "&lt;&#60;",
        "tab\tline\nend",
        "\u{0}\u{1}\u{8}\u{B}\u{1F}", "\u{FFFE}\u{FFFF}", "emoji 👩‍👩‍👧 ümlaut 日本語", "<?xml?>", "\r\nreturn",
    ])
    func noTextBecomesMarkup(text: String) throws {
        let reader = Reader()
        let document = TwiML(TwiML.Say(text: text, voice: text)).text
        try #require(reader.read(document))
        #expect(reader.elements == ["Response", "Say"])
        let expected = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.value < 0x20 && !"\t\n\r".unicodeScalars.contains(scalar)
                    return isControl || scalar.value == 0xFFFE || scalar.value == 0xFFFF ? " " : scalar
                }))
        #expect(reader.text == expected)
        #expect(reader.attributes["voice"] == expected)
    }

    @Test func randomTextSurvives() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let scalars = (0..<40).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0x20...0x2FF, using: &random)) }
            let text = String(String.UnicodeScalarView(scalars.filter { $0.value < 0x7F || $0.value > 0x9F }))
            let reader = Reader()
            try #require(reader.read(TwiML(TwiML.Say(text: text)).text))
            #expect(reader.text == text)
        }
    }

    @Test func longTextIsSpokenInPieces() {
        let sentence = "This is a sentence of some length. "
        let text = String(repeating: sentence, count: 400)
        let pieces = TwiML.Say.pieces(text)
        #expect(pieces.count == 4)
        #expect(pieces.allSatisfy { $0.text.count <= TwiML.Say.longest && $0.text.hasSuffix(".") })
        #expect(pieces.map(\.text).joined(separator: " ") + " " == text)
        let unbroken = String(repeating: "x", count: 10_000)
        #expect(TwiML.Say.pieces(unbroken).map(\.text.count) == [4096, 4096, 1808])
        #expect(TwiML.Say.pieces(" \n ").isEmpty)
    }
}

/// Reads XML as Foundation understands it.
private final class Reader: NSObject, XMLParserDelegate {
    private(set) var elements: [String] = []
    private(set) var text = ""
    private(set) var attributes: [String: String] = [:]

    func read(_ document: String) -> Bool {
        let parser = XMLParser(data: Data(document.utf8))
        parser.delegate = self
        return parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append(name)
        self.attributes.merge(attributes) { $1 }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
