// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct SlotTests {
    /// What a text means as the value of a slot.
    private func reading(_ slot: Slot, _ text: String) -> SlotReading? {
        let words = SpokenForm.words(of: text)
        let yesNo = RulesScript.template.agree + RulesScript.template.decline
        let pattern = slot.pattern(yesNo: yesNo.map(\.pattern))
        let matcher = PhraseMatcher(words, lexicon: Lexicon(), budget: 0)
        guard matcher.match(pattern) != nil else { return nil }
        return slot.reading(of: words, agrees: matcher.match(RulesScript.template.agree.pattern) != nil) {
            matcher.match($0) != nil
        }
    }

    @Test(
        arguments: [
            ("three", "15:00", "three in the afternoon"), ("10", "10:00", "ten in the morning"),
            ("at", nil, nil), ("3:30", "15:30", "three thirty in the afternoon"),
            ("half past nine", "09:30", "nine thirty in the morning"),
            ("a quarter to five", "16:45", "four forty five in the afternoon"),
            ("quarter past eleven", "11:15", "eleven fifteen in the morning"), ("noon", "12:00", "noon"),
            ("12", "12:00", "noon"), ("twelve thirty", "12:30", "twelve thirty in the afternoon"),
            ("a quarter to one", "12:45", "twelve forty five in the afternoon"),
            ("five o'clock in the afternoon", "17:00", "five in the afternoon"),
            ("9 a.m.", "09:00", "nine in the morning"),
            ("9am", "09:00", "nine in the morning"), ("4 PM", "16:00", "four in the afternoon"),
            ("thirteen", nil, nil), ("five forty", "17:40", "five forty in the afternoon"),
        ] as [(String, String?, String?)])
    func readsTimes(text: String, canonical: String?, spoken: String?) {
        var slot = Slot(type: .time)
        (slot.earliestHour, slot.latestHour) = (9, 17)
        let value = reading(slot, text)?.value
        #expect(value?.canonical == canonical && value?.text == spoken)
    }

    @Test(arguments: [("eight in the evening", "20:00"), ("midnight", "00:00"), ("six", "06:00"), ("9 pm", "21:00")])
    func refusesTimesOutsideTheHours(text: String, canonical: String) {
        var slot = Slot(type: .time)
        (slot.earliestHour, slot.latestHour) = (9, 17)
        guard case .refused(let value) = reading(slot, text) else { return #expect(Bool(false), "\(text)") }
        #expect(value.canonical == canonical)
    }

    @Test func readsEveryTimeThatItsPatternHas() throws {
        let sampler = GrammarSampler("<time> = \(JSGFGrammar.text(ClockTime.pattern));")
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let text = try #require(sampler.sentence("<time>", using: &generator))
            let readings = ClockTime.readings(of: SpokenForm.words(of: text))
            #expect(!readings.isEmpty && readings.allSatisfy { (0..<1440).contains($0.minutes) }, "\(text)")
        }
    }

    @Test(
        arguments: [
            ("seven", "7"), ("12", "12"), ("twenty one", "21"), ("99", "99"), ("forty", "40"), ("twenty ten", nil),
            ("one two", nil), ("a hundred", nil), ("100", nil),
        ] as [(String, String?)])
    func readsNumbers(text: String, canonical: String?) {
        #expect(reading(Slot(type: .number), text)?.value?.canonical == canonical)
    }

    @Test func refusesNumbersOutsideItsRange() {
        let slot = Slot(type: .number, minimum: 1, maximum: 8)
        #expect(reading(slot, "nine") == .refused(SlotValue(canonical: "9", text: "nine")))
        #expect(reading(slot, "eight") == .value(SlotValue(canonical: "8", text: "eight")))
    }

    @Test(
        arguments: [
            ("one two three four", "1234"), ("oh seven zero seven", "0707"), ("0042", "0042"), ("1 2 3", nil),
            ("one two three four five", nil), ("one two three many", nil),
        ] as [(String, String?)])
    func readsDigits(text: String, canonical: String?) {
        #expect(reading(Slot(type: .digits), text)?.value?.canonical == canonical)
    }

    @Test(
        arguments: [("Yes, please", "yes"), ("nope", "no"), ("that's right", "yes"), ("perhaps", nil)]
            as [(String, String?)])
    func readsYesAndNo(text: String, canonical: String?) {
        #expect(reading(Slot(type: .yesNo), text)?.value?.canonical == canonical)
    }

    @Test(arguments: [
        ("I'd like 3:30, please!", "i would like three thirty please"), ("It’s 9:00 a.m.", "it is nine a.m."),
        ("I am here at 10 am", "i am here at ten a.m."), ("5pm", "five p.m."), ("'tis o'clock", "tis o'clock"),
        ("1980", "one nine eight zero"), ("42 cats", "forty two cats"), ("...!?", ""),
        ("Ünïcode Straße", "ünïcode straße"),
        ("v1.5", "v1 five"), ("\u{0}\u{1F600}a", "a"),
    ])
    func writesTextAsItIsSpoken(text: String, words: String) {
        #expect(SpokenForm.words(of: text).joined(separator: " ") == words)
    }
}
