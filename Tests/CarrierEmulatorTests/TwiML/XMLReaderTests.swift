// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import CarrierEmulator

@Suite struct XMLReaderTests {
    @Test func readsElementsAttributesAndText() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment -->
            <Response><Say voice='alice' loop="2">Tom &amp; Jerry &#60;&#x33; <b>!</b></Say><Pause/><![CDATA[<raw>]]></Response>

            """
        let root = try XMLReader.read(Array(text.utf8))
        #expect(root.name == "Response")
        #expect(root.elements.map(\.name) == ["Say", "Pause"])
        #expect(root.elements[0].attributes == [FormField("voice", "alice"), FormField("loop", "2")])
        #expect(root.elements[0].text == "Tom & Jerry <3 !")
        #expect(root.children.last == .text("<raw>"))
    }

    @Test(arguments: [
        ("", "an element is expected"), ("<a>", "the document ends too early"), ("<a></b>", "the end tag of 'a'"),
        ("<a/><b/>", "more follows"), ("<a b=1/>", "a value in quotes"), ("<a b='1' b='2'/>", "there twice"),
        ("<a b='<'/>", "'&lt;'"), ("<a>&nbsp;</a>", "'&nbsp;' is unknown"), ("<a>&</a>", "'&amp;'"),
        ("<!DOCTYPE a><a/>", "document type"), ("<a>\u{1}</a>", "control character"), ("<a>&#0;</a>", "unknown"),
        ("<a b='1'c='2'/>", "white space"), ("<1/>", "a name"), ("<!-- -->", "an element"), ("<!-- <a/>", "'-->'"),
    ])
    func refuses(_ text: String, _ message: String) {
        let error = #expect(throws: XMLError.self) { try XMLReader.read(Array(text.utf8)) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func isBounded() {
        let deep = String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17)
        #expect(throws: XMLError.self) { try XMLReader.read(Array(deep.utf8)) }
        let wide = "<a>" + String(repeating: "<b/>", count: 2001) + "</a>"
        #expect(throws: XMLError.self) { try XMLReader.read(Array(wide.utf8)) }
        #expect(throws: XMLError.self) { try XMLReader.read([UInt8](repeating: 0x20, count: 70_000)) }
    }

    @Test func survivesAnyBytes() {
        var random = SeededGenerator(seed: 3)
        let valid = Array(#"<R a="1"><S b='&amp;'>x<![CDATA[y]]></S><!-- z --><T/></R>"#.utf8)
        for _ in 0..<20_000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] =
                    Bool.random(using: &random) ? valid.randomElement(using: &random) ?? 0 : .random(in: 0...255)
            }
            _ = try? XMLReader.read(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
        }
    }
}
