// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import CallRecords

@Suite struct RedactorTests {
    @Test(
        arguments: [
            ("my card is 4111 1111 1111 1111, thank you", "my card is #### #### #### ####, thank you"),
            ("4111-1111-1111-1111", "####-####-####-####"),
            ("the pin is four seven double one.", "the pin is # # # #."),
            ("Four, Seven one, oh!", "#, # #, #!"),
            ("my number is +1 (555) 010-0199", "my number is +# (###) ###-####"),
            ("nineteen eighty four", "# # #"),
            ("at 10:30 on the 5th, table for two", "at 10:30 on the 5th, table for two"),
            ("one moment, oh dear", "one moment, oh dear"),
            ("room 12", "room 12"),
            ("١٢٣٤", "####"),
            ("", ""),
        ])
    func hidesLongNumbers(text: String, hidden: String) {
        #expect(Redactor(digits: .longNumbers).redact(text) == hidden)
    }

    @Test(
        arguments: [
            ("at 10:30 for two", "at ##:## for #"), ("one moment, oh dear", "one moment, oh dear"),
            ("one two", "# #"), ("room B12", "room B##"), ("nothing here", "nothing here"),
        ])
    func hidesEveryDigit(text: String, hidden: String) {
        #expect(Redactor(digits: .digits).redact(text) == hidden)
    }

    @Test func hidesSecretsTheLongestFirst() {
        let redactor = Redactor(secrets: ["sk-live-1", "sk-live-12345", "abc", ""])
        #expect(redactor.redact("key sk-live-12345, sk-live-1; abc") == "key ***, ***; abc")
        #expect(Redactor().redact("sk-live-1") == "sk-live-1")
    }

    @Test func leavesNothingInAnEntry() {
        let redactor = Redactor(secrets: ["hunter22"], digits: .digits)
        var call = CallHeader.example(1, from: "+15550100")
        call.attributes["note"] = "pin 77 hunter22"
        let items: [CallItem] = [
            .began, .utterance(Utterance(.agent, turn: 1, heard: "77", planned: "77 hunter22")),
            .toolCall(ToolCall(turn: 1, name: "pay", arguments: "77", result: "77", outcome: "done", duration: .zero)),
            .event(CallEvent("error", text: "77 hunter22")),
            .ended(CallEnd(reason: "failed", error: "hunter22 77", duration: .zero, time: WallTime(milliseconds: 0))),
        ]
        for item in items {
            let entry = redactor.redact(CallEntry(call, sequence: 0, at: .zero, item))
            #expect(!"\(entry.item)".contains("77") && !"\(entry)".contains("hunter22"), "\(entry)")
            #expect(entry.call.from == "+15550100")
            #expect(entry.call.attributes["call_sid"] == "CA1")
            #expect(entry.call.attributes["note"] == "pin ## ***")
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func leavesNoDigitWhateverTheText(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["4", "11", " ", "-", "one", "double", "oh", "x", ".", "é", "\u{301}", "#", "７", "👍🏽", "\n", "two"]
        let text = (0..<30).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        let hidden = Redactor(digits: .digits).redact(text)
        #expect(!hidden.unicodeScalars.contains { $0.properties.numericType == .decimal }, "\(text)")
        #expect(Redactor(digits: .digits).redact(hidden) == hidden)
        // What is no digit stays, in its order.
        let rest = text.filter { "x.é👍🏽\n".contains($0) }
        #expect(hidden.filter { "x.é👍🏽\n".contains($0) } == rest)
    }
}
