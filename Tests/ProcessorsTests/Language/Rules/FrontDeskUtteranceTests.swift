// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Processors

@Suite struct FrontDeskUtteranceTests {
    @Test(arguments: [
        // Requests, with and without values, politeness and short forms.
        ("I'd like to book an appointment", "book"),
        ("I would like to make an appointment for a haircut", "book service=haircut"),
        ("can i book an appointment on tuesday", "book day=tuesday"),
        (
            "Could I schedule an appointment for a beard trim tomorrow at noon, please?",
            "book day=tomorrow service=beard trim time=12:00"
        ),
        ("i need a haircut tomorrow at ten in the morning", "book day=tomorrow service=haircut time=10:00"),
        ("I'd like a haircut on Friday at 3:30 pm", "book day=friday service=haircut time=15:30"),
        ("um hello can i have a shave on saturday", "book day=saturday service=beard trim"),
        ("i want to come in on monday at four", "book day=monday time=16:00"),
        ("i would like an appointment", "book"),
        ("I want a coloring on Wednesday", "book day=wednesday service=color"),
        ("i need a haircut on sunday", "book day!sunday service=haircut"),
        ("i need a haircut on monday at 8 pm", "book day=monday service=haircut time!20:00"),
        ("change my appointment", "move"),
        ("could i move my appointment to friday at two", "move day=friday time=14:00"),
        ("I need to reschedule my appointment", "move"),
        ("cancel my appointment", "call_off"),
        ("I'd like to cancel my appointment on Monday please", "call_off day=monday"),
        ("I can't come to my appointment", "call_off"),
        // Questions.
        ("When are you open?", "hours"), ("what are your opening hours please", "hours"),
        ("what time do you close", "hours"), ("are you open now", "hours"),
        ("are you open on saturday", "open_on day=saturday"), ("when do you open tomorrow", "open_on day=tomorrow"),
        ("are you open on sunday", "open_on day!sunday"),
        ("Where are you?", "address"), ("What's your address?", "address"), ("how do i get there", "address"),
        ("How much is a haircut?", "price service=haircut"),
        ("what does a beard trim cost", "price service=beard trim"),
        ("what are your prices", "prices"), ("help", "help"), ("what can you do", "help"),
        ("can i speak to a human please", "person"),
        // Small talk and the end.
        ("hello", "hello"), ("Good morning!", "hello"), ("thank you very much", "thanks"), ("thanks", "thanks"),
        ("goodbye", "goodbye"), ("thank you goodbye", "goodbye"), ("no thanks bye", "goodbye"),
        ("That's all, thank you.", "goodbye"), ("no that is all", "goodbye"),
        // Commands.
        ("yes", "yes"), ("yes that is right", "yes"), ("That's correct.", "yes"), ("no", "no"), ("no thank you", "no"),
        ("say that again please", "repeat"), ("what did you say", "repeat"), ("pardon", "repeat"),
        ("cancel that", "cancel"), ("never mind", "cancel"), ("no forget it", "cancel"),
        // Values by themselves, also as corrections.
        ("Friday", "day=friday"), ("on friday at four", "day=friday time=16:00"), ("a haircut", "service=haircut"),
        ("half past two", "time=14:30"), ("at a quarter to ten", "time=09:45"), ("no on thursday", "day=thursday"),
        ("sorry i meant thursday", "day=thursday"), ("actually make it eleven thirty", "time=11:30"),
        ("how about five o'clock", "time=17:00"), ("change the day", "change day"), ("no the time", "change time"),
        // Words between that the phrases do not have.
        ("when are you guys open", "hours"), ("where exactly are you located", "address"),
        ("well i would really like to book an appointment today", "book day=today"),
        ("could i um please book an appointment", "book"),
    ])
    func understands(utterance: String, meaning: String) throws {
        let interpreter = Interpreter(try FrontDesk.script())
        #expect(interpreter.meaning(of: utterance, expecting: Expectation())?.summary == meaning)
    }

    @Test(arguments: [
        "", "...", "the weather is nice in the mountains today", "please", "my brother plays football",
        "no wait i was talking to my wife", "what is the capital of australia", "do you sell shoes for children",
        "can you recommend a good restaurant near the station", "一二三", "how much wood would a woodchuck chuck",
        "one moment someone is at the door",
    ])
    func doesNotGuess(utterance: String) throws {
        let interpreter = Interpreter(try FrontDesk.script())
        #expect(interpreter.meaning(of: utterance, expecting: Expectation()) == nil)
    }

    @Test func picksTheAnswerOutOfOtherWordsOnlyWhenItHasAsked() throws {
        let interpreter = Interpreter(try FrontDesk.script())
        let utterance = "let's say thursday then"
        #expect(interpreter.meaning(of: utterance, expecting: Expectation(slot: "day"))?.summary == "day=thursday")
        #expect(interpreter.meaning(of: utterance, expecting: Expectation()) == nil)
    }

    @Test func endsQuicklyOnVeryLongUtterances() throws {
        let interpreter = Interpreter(try FrontDesk.script())
        let start = ContinuousClock.now
        let utterance = String(repeating: "on friday at three a haircut ", count: 10_000)
        #expect(interpreter.meaning(of: utterance, expecting: Expectation(slot: "day")) == nil)
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
