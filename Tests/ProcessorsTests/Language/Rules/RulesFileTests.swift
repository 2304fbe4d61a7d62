// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

@Suite struct RulesFileTests {
    /// What is reported for a rules file, a line for each problem, without the file's name.
    private func problems(_ text: String) -> [String] {
        var diagnostics = Diagnostics()
        let script = RulesScript.read(text, file: "r", into: &diagnostics)
        #expect((script == nil) == diagnostics.hasErrors)
        return diagnostics.all.map { String($0.description.dropFirst(2)) }
    }

    /// A file that lacks nothing but what a test adds.
    private let good = """
        greeting: {say: Hello.}
        slots:
          day: {type: day}
        intents:
          book: {phrases: ['book {day}'], ask: {day: Which day?}, reply: "Booked {day}."}
        questions:
          more: {ask: More?, if_yes: book, if_no: book}

        """

    @Test func acceptsAGoodFile() {
        #expect(problems(good) == [])
    }

    @Test(arguments: [
        ("greetings: {say: Hi.}", "8:1: error: greetings: unknown parameter; did you mean 'greeting'?"),
        ("no_match: {say: What?, then: bok}", "8:30: error: no_match.then: no intent 'bok'; did you mean 'book'?"),
        ("no_match: {say: What?, attempts: 0}", "8:34: error: no_match.attempts: 0 is outside 1...20"),
        ("no_input: {say: ''}", "8:17: error: no_input.say: the text has nothing to say; write a sentence"),
        ("cancel: {then: mor}", "8:16: error: cancel.then: no question 'mor'; did you mean 'more'?"),
        ("agree: ['yes']", ""), ("agree: [yes]", ""),
        ("agree: [true]", "8:9: error: agree[0]: expected text, found true; put it in quotes"),
        ("parts: {want: 'i want {day}'}", "8:15: error: parts.want: no slot 'day'; there are none here"),
        ("parts: {Want: i want}", "8:9: error: 'Want' is not a snake_case name; write small letters, digits and '_'"),
        ("openers: ['(well']", "8:11: error: openers[0]: '(' is not closed by ')'"),
        ("openers: ['well)']", "8:11: error: openers[0]: ')' without its opening bracket"),
        ("openers: ['a | ']", "8:11: error: openers[0]: nothing stands between two separators; write a word"),
        ("openers: ['[well]']", "8:11: error: openers[0]: the phrase needs a word that cannot be left out"),
        ("openers: ['{Day}']", "8:11: error: openers[0]: '{' begins a slot; write its snake_case name and '}'"),
        ("openers: ['!?']", "8:11: error: openers[0]: '!?' has nothing that can be said; write words"),
        ("openers: ['{day}']", "8:11: error: no slot 'day'; there are none here"),
    ])
    func reportsAtItsPlace(line: String, problem: String) {
        #expect(problems(good + line) == (problem.isEmpty ? [] : [problem]))
    }

    @Test(arguments: [
        ("{type: choice}", "values: a choice needs values; write 'values: {tea: [], coffee: [espresso]}'"),
        ("{type: day, values: {a: []}}", "values: only a choice has values; write 'type: choice' or remove them"),
        ("{length: 3}", "type: required but missing; add 'type: day'"),
        (
            "{type: tme}",
            "type: expected choice, day, time, number, digits or yes_no, found 'tme'; did you mean 'time'?"
        ),
        ("{type: time, earliest_hour: 18, latest_hour: 9}", "latest_hour: 9 is before earliest_hour"),
        ("{type: number, minimum: 9, maximum: 3}", "maximum: 3 is below minimum"),
        ("{type: day, only: [munday]}", "only[0]: expected"),
        ("{type: day, only: []}", "only: no day is left; name one"),
        ("{type: choice, values: {'?': []}}", "values: \"?\" cannot be said; write words"),
        ("{type: day, answers: [on monday]}", "answers: an answer must hold {size}"),
        ("{type: day, refuse: 'Not {day}.'}", "refuse: {day} is not known here; known are size"),
    ])
    func checksSlots(slot: String, problem: String) throws {
        let file = good.replacing("slots:", with: "slots:\n  size: \(slot)")
        let found = problems(file)
        try #require(found.count == 1)
        #expect(found[0].hasPrefix("3:") && found[0].contains("error: slots.size.\(problem)"), "\(found)")
    }

    @Test(arguments: [
        ("{phrases: [x], reply: 'On {day}.'}", "reply: {day} is not known here"),
        ("{phrases: ['x [{day}]'], reply: 'On {day}.'}", "reply: {day} is not known here"),
        ("{phrases: ['x {day}', y], reply: 'On {day}.'}", "reply: {day} is not known here"),
        ("{phrases: ['x {dai}'], reply: Yes.}", "phrases: no slot 'dai'; did you mean 'day'?"),
        ("{phrases: [<want> x], reply: Yes.}", "phrases: no part 'want'; there are none here"),
        ("{phrases: [x], ask: {week: When?}, reply: Yes.}", "ask: no slot 'week'; known: day"),
        ("{phrases: [x]}", "reply: required but missing"),
        ("{phrases: [x], reply: []}", "reply: expected at least one text, found a list"),
        ("{phrases: [x], reply: 'On {day'}", "reply: '{' begins the name of a slot and needs its '}'"),
        ("{phrases: [x], confirm: Sure?, reply: Yes.}", "confirm: there is nothing to confirm"),
        ("{phrases: [x], then: more, end_call: true, reply: Yes.}", "then: the call ends with the reply"),
        ("{phrases: [x], then: less, reply: Yes.}", "then: no question 'less'; known: more"),
        ("{phrases: [x], ask: {day: 'Not {day}?'}, reply: Yes.}", "ask.day: {day} is not known here"),
    ])
    func checksIntents(intent: String, problem: String) throws {
        let found = problems(good.replacing("intents:", with: "intents:\n  new: \(intent)"))
        try #require(found.count == 1)
        #expect(found[0].hasPrefix("5:") && found[0].contains("error: intents.new.\(problem)"), "\(found)")
    }

    @Test func knowsSlotsOnlyFromPhrasesThatWereSaid() {
        let file = good.replacing("ask: {day: Which day?}, ", with: "")
        #expect(
            problems(file) == ["5:42: error: intents.book.reply: {day} is not known here"])
    }

    @Test func warnsOfAPhraseOfTwoIntents() {
        let file = good.replacing("questions:", with: "  other: {phrases: ['book {day}'], reply: Yes.}\nquestions:")
        #expect(
            problems(file) == [
                "6:21: warning: intents.other.phrases: 'book' has the same phrase and stands first; remove one"
            ])
    }

    @Test func reportsAllProblemsTogether() {
        let file = """
            greeting: {sai: Hello.}
            intents:
              a: {phrases: ['('], reply: Yes., end_cal: true}
              b: {phrases: [b]}
            """
        let places = problems(file).map { $0.split(separator: " ")[0] }
        #expect(places == ["1:11:", "1:12:", "3:17:", "3:36:", "4:6:"])
    }

    @Test func throwsWhatIsWrongWithAFile() throws {
        #expect {
            try RulesScript.load(FileReference("/nowhere/rules.yaml"))
        } throws: { error in
            "\(error)" == "/nowhere/rules.yaml:1:1: error: no such file; check the path\n"
        }
    }

    @Test func describesEveryParameter() {
        #expect(RulesScript.erasedSchema.problems() == [])
        #expect(Slot.erasedSchema.problems() == [])
        #expect(Intent.erasedSchema.problems() == [])
        #expect(Question.erasedSchema.problems() == [])
        #expect(Statement.erasedSchema.problems() == [])
        #expect(Fallback.erasedSchema.problems() == [])
        #expect(Cancellation.erasedSchema.problems() == [])
    }
}
