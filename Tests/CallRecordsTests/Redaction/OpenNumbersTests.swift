// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import CallRecords

@Suite struct OpenNumbersTests {
    private let call = CallHeader.example(1)

    /// What is written of utterances, one second apart; an agent's begin with `>`.
    private func written(_ texts: [String]) throws -> [String] {
        var open = try #require(Redactor(digits: .longNumbers).makeOpenNumbers())
        var entries: [CallEntry] = []
        for (number, text) in texts.enumerated() {
            let utterance = Utterance(
                text.hasPrefix(">") ? .agent : .caller, turn: number, heard: String(text.drop { $0 == ">" }))
            entries += open.pass(entry(number, .utterance(utterance)))
        }
        entries += open.pass(entry(texts.count, .ended(.example)))
        #expect(entries.map(\.sequence) == Array(0...texts.count))
        return entries.compactMap { entry in
            guard case .utterance(let utterance) = entry.item else { return nil }
            return (utterance.speaker == .agent ? ">" : "") + utterance.heard
        }
    }

    private func entry(_ number: Int, _ item: CallItem, second: Int? = nil) -> CallEntry {
        CallEntry(call, sequence: number, at: .zero + .seconds(second ?? number), item)
    }

    @Test(arguments: [
        (["my number is 411", "12"], ["my number is ###", "##"]),
        (["it is four one one", "one two please"], ["it is # # #", "# # please"]),
        (["four one", ">go on", ">yes", "one two"], ["# #", ">go on", ">yes", "# #"]),
        (["four", "one", "one", "two"], ["#", "#", "#", "#"]),
        (["card 12", "and 34 is it"], ["card ##", "and ## is it"]),
        (["pin 12.", "34."], ["pin ##.", "##."]),
        // What does not become long enough stays.
        (["monday at three", "yes please"], ["monday at three", "yes please"]),
        (["at 3", "no, at 4"], ["at 3", "no, at 4"]),
        (["12", "that was all", "34"], ["12", "that was all", "34"]),
        ([">press 1", "1"], [">press 1", "1"]),
        (["12", ">34", "56 no"], ["##", ">34", "## no"]),
    ])
    func aNumberGoesOnInTheNextUtterance(texts: [String], wanted: [String]) throws {
        #expect(try written(texts) == wanted)
    }

    @Test func whereAllDigitsAreHiddenOrNoneNothingWaits() {
        #expect(Redactor(digits: .digits).makeOpenNumbers() == nil)
        #expect(Redactor(digits: .nothing).makeOpenNumbers() == nil)
    }

    @Test func nothingWaitsForEver() throws {
        var open = try #require(Redactor(digits: .longNumbers).makeOpenNumbers())
        let spoken = entry(0, .utterance(Utterance(.caller, turn: 1, heard: "at 3")))
        #expect(open.pass(spoken).isEmpty)
        #expect(open.pass(entry(1, .event(CallEvent("metric")), second: 19)).isEmpty)
        #expect(open.pass(entry(2, .event(CallEvent("metric")), second: 20)).count == 3)
        #expect(open.pass(spoken).isEmpty)
        var count = 0
        for number in 1..<500 where count == 0 {
            count = open.pass(entry(number, .event(CallEvent("metric")), second: 1)).count
        }
        #expect(count == 51)
        #expect(open.pass(spoken).isEmpty)
        #expect(open.takeAll().count == 1)
        #expect(open.takeAll().isEmpty)
    }

    @Test func soManyCallsWaitAtATimeAndNoMore() throws {
        var open = try #require(Redactor(digits: .longNumbers).makeOpenNumbers())
        let spoken = CallItem.utterance(Utterance(.caller, turn: 1, heard: "12"))
        let passed = (0..<2100).map { open.pass(CallEntry(.example($0), sequence: 0, at: .zero, spoken)) }
        #expect(passed.map(\.count) == Array(repeating: 0, count: 2000) + Array(repeating: 1, count: 100))
        #expect(open.takeAll().count == 2000)
    }

    @Test func callsDoNotDisturbEachOther() throws {
        var open = try #require(Redactor(digits: .longNumbers).makeOpenNumbers())
        #expect(open.pass(entry(0, .utterance(Utterance(.caller, turn: 1, heard: "12")))).isEmpty)
        let words = CallItem.utterance(Utterance(.caller, turn: 1, heard: "34 no"))
        let other = CallEntry(.example(2), sequence: 0, at: .zero, words)
        #expect(open.pass(other) == [other])
    }
}
