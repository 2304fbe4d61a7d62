// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct KeypadTests {
    private func harness(_ menu: [String: String] = [:], endKey: String = "#") throws -> ProcessorHarness {
        var parameters = Keypad.Parameters.template
        parameters.menu = menu
        parameters.endKey = endKey
        let final = parameters
        return try ProcessorHarness(Keypad(final))
    }

    private func press(_ keys: String, _ harness: ProcessorHarness) {
        for key in keys.compactMap(DTMF.init) { harness.send(key) }
    }

    private func words(_ harness: ProcessorHarness) -> [String] { harness.take(Transcript.self).map(\.text) }

    @Test func anEntryOfTheMenuIsSaidAtOnce() throws {
        let harness = try harness(["1": "where are you", "2": "a haircut"])
        press("2", harness)
        let output = harness.takeOutput()
        #expect(output.compactMap { $0[DTMF.self]?.digit } == ["2"])
        #expect(output.compactMap { $0[Transcript.self] } == [Transcript("a haircut", isUtteranceEnd: true)])
    }

    @Test func aKeyThatMayBeginALongerEntryWaits() throws {
        let harness = try harness(["1": "one", "12": "twelve"])
        press("1", harness)
        #expect(words(harness).isEmpty)
        harness.advance(by: .seconds(2))
        #expect(words(harness) == ["one"])
        press("12", harness)
        #expect(words(harness) == ["twelve"])
    }

    @Test func otherKeysAreDigitsUpToTheEndKeyOrAPause() throws {
        let harness = try harness(["1": "one"])
        press("42#7", harness)
        #expect(words(harness) == ["4 2"])
        harness.advance(by: .milliseconds(1900))
        press("7", harness)
        harness.advance(by: .milliseconds(1900))
        #expect(words(harness).isEmpty)
        harness.advance(by: .milliseconds(100))
        #expect(words(harness) == ["7 7"])
        press("#", harness)
        #expect(words(harness).isEmpty)
    }

    @Test func theEndKeyMayBeAnEntry() throws {
        let harness = try harness(["#": "the menu again"])
        press("#", harness)
        #expect(words(harness) == ["the menu again"])
        let plain = try self.harness(endKey: "")
        press(String(repeating: "#", count: 40), plain)
        #expect(words(plain) == [Array(repeating: "#", count: 32).joined(separator: " ")])
    }

    @Test func wordsThatRepeatTheKeysAreNotSaidTwice() throws {
        let harness = try harness(["1": "one", "12": "twelve"])
        press("12", harness)
        harness.send(Transcript("1 2", isUtteranceEnd: true))
        #expect(words(harness) == ["twelve"])
        press("1", harness)
        harness.send(Transcript("1", isUtteranceEnd: true))
        #expect(words(harness) == ["one"])
        // Said, not pressed.
        harness.advance(by: .seconds(1))
        harness.send(Transcript("1", isUtteranceEnd: true))
        harness.send(Transcript("one please", isUtteranceEnd: true))
        #expect(words(harness) == ["1", "one please"])
    }

    @Test func whatWasBegunIsToldAtTheEnd() throws {
        let harness = try harness()
        press("55", harness)
        #expect(try harness.finish().compactMap { $0[Transcript.self]?.text } == ["5 5"])
    }

    @Test(arguments: [("menu: { x: one }", "keypad.menu"), ("end_key: '##'", "keypad.end_key")])
    func saysWhatIsNoKey(_ text: String, _ path: String) {
        var diagnostics = Diagnostics()
        let node = YAMLReader().read(text, file: "a.yaml", into: &diagnostics)
        let mark = SourceMark(file: "a.yaml")
        #expect(Keypad.Parameters.decode(node, path: "keypad", at: mark, into: &diagnostics) == nil)
        #expect(diagnostics.all.map(\.path) == [path])
    }
}
