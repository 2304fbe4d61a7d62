// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

@Suite struct RulesAgentTests {
    /// The agent's replies to a caller's utterances, one after the other.
    private func replies(_ utterances: String...) throws -> [String] {
        var agent = try FrontDesk.agent()
        return utterances.map { agent.respond(to: $0).text }
    }

    @Test func greetsWithTheGreeting() throws {
        var agent = RulesAgent(try FrontDesk.script())
        let greeting = agent.greeting()
        #expect(greeting.text == "Riverside Hair Studio, good morning. How can I help you?")
        #expect(greeting.intent == nil && greeting.isInterruptible && !greeting.endsCall)
        #expect(agent.respond(to: "say that again") == greeting)
    }

    @Test func asksOnlyForWhatIsMissing() throws {
        let replies = try replies("i need a haircut at ten in the morning", "tomorrow")
        #expect(
            replies == ["What day would suit you?", "So, a haircut tomorrow at ten in the morning. Is that right?"])
    }

    @Test func takesValuesThatWereNotAskedForYet() throws {
        let replies = try replies("book an appointment", "on friday at three", "a haircut")
        #expect(replies[1] == "A haircut, a beard trim, a hair wash or a color?")
        #expect(replies[2] == "So, a haircut on Friday at three in the afternoon. Is that right?")
    }

    @Test(arguments: [
        ("no thursday", "So, a haircut on Thursday at three in the afternoon. Is that right?"),
        ("make it four", "So, a haircut on Friday at four in the afternoon. Is that right?"),
        ("no sorry", "Sorry, I did not catch that. So, a haircut on Friday at three in the afternoon. Is that right?"),
        ("a shave on monday at nine", "So, a beard trim on Monday at nine in the morning. Is that right?"),
        ("change the time", "And at what time?"),
        ("no", "What should I change: the service, the day or the time?"),
        ("at eight in the evening", "Sorry, we only work from nine to six. And at what time?"),
    ])
    func correctsBeforeConfirming(correction: String, answer: String) throws {
        #expect(try replies("i need a haircut on friday at three", correction)[1] == answer)
    }

    @Test func correctsWhatTheCallerNamesAfterANo() throws {
        let replies = try replies("i need a haircut on friday at three", "no", "the day", "monday", "yes")
        #expect(
            replies[2...] == [
                "What day would suit you?", "So, a haircut on Monday at three in the afternoon. Is that right?",
                """
                Wonderful, I have booked a haircut on Monday at three in the afternoon. \
                Is there anything else I can do for you?
                """,
            ])
    }

    @Test func correctsWhatHasBeenBooked() throws {
        let replies = try replies("i need a haircut on friday at three", "yes", "actually make it four")
        #expect(replies[2] == "So, a haircut on Friday at four in the afternoon. Is that right?")
    }

    @Test func keepsTheValueWhenAnotherCannotBeHad() throws {
        var agent = try FrontDesk.agent()
        _ = agent.respond(to: "i need a haircut on friday at three")
        let refusal = agent.respond(to: "how about sunday")
        #expect(refusal.text == "Sorry, we are closed on Sunday. What day would suit you?")
        #expect(refusal.slots == ["service": "haircut", "day": "friday", "time": "15:00"])
    }

    @Test func cancelsWhatIsInHand() throws {
        var agent = try FrontDesk.agent()
        _ = agent.respond(to: "i need a haircut on friday")
        let cancelled = agent.respond(to: "never mind")
        #expect(cancelled.text == "All right, never mind then. Is there anything else I can do for you?")
        #expect(cancelled.intent == nil && cancelled.slots.isEmpty)
        #expect(agent.respond(to: "yes").text == "Of course. What can I do for you?")
        #expect(agent.respond(to: "book an appointment").text == "What would you like to have done?")
    }

    @Test func repeatsTheLastReply() throws {
        let replies = try replies("when are you open", "say that again please", "pardon")
        #expect(replies[1] == replies[0] && replies[2] == replies[0])
    }

    @Test func answersAQuestionInBetweenAndComesBack() throws {
        let replies = try replies("i need a haircut on friday", "are you open on sunday", "at two")
        #expect(replies[1] == "Sorry, we are closed on Sunday. What time would suit you?")
        #expect(replies[2] == "So, a haircut on Friday at two in the afternoon. Is that right?")
    }

    @Test func changesToAnotherRequest() throws {
        let replies = try replies("i need a haircut on friday", "cancel my appointment", "monday", "yes")
        #expect(
            replies[1...] == [
                "Which day is your appointment?", "I will cancel your appointment on Monday. Is that right?",
                "Your appointment on Monday is cancelled. Is there anything else I can do for you?",
            ])
    }

    @Test func followsTheQuestionAfterAReply() throws {
        #expect(try replies("when are you open", "yes please")[1] == "What would you like to have done?")
        #expect(
            try replies("when are you open", "no thank you")[1]
                == "All right. Is there anything else I can do for you?")
    }

    @Test func handsOverAfterThreeMisses() throws {
        var agent = try FrontDesk.agent()
        _ = agent.respond(to: "book an appointment")
        let misses = (0..<3).map { _ in agent.respond(to: "my dog is barking").text }
        #expect(
            misses == [
                "Sorry, I did not catch that. A haircut, a beard trim, a hair wash or a color?",
                "Sorry, I still did not get that. What would you like to have done?",
                "I have trouble hearing you. A haircut, a beard trim, a hair wash or a color?",
            ])
        let last = agent.respond(to: "")
        #expect(last.intent == "person" && last.endsCall)
    }

    @Test func forgetsMissesOnceItUnderstands() throws {
        let replies = try replies("blah", "blah", "help", "blah")
        #expect(replies[3] == replies[0])
    }

    @Test func endsTheCallAfterLongSilence() throws {
        var agent = try FrontDesk.agent()
        let replies = (0..<3).map { _ in agent.respondToSilence() }
        #expect(
            replies.map(\.text) == [
                "Are you still there?", "Hello, can you hear me?", "Thank you for calling. Goodbye.",
            ])
        #expect(replies.map(\.endsCall) == [false, false, true])
    }

    @Test(arguments: ["yes", "no", "the day"])
    func doesNotUnderstandAnswersWithoutAQuestion(utterance: String) throws {
        #expect(try replies(utterance) == ["Sorry, I did not catch that."])
    }

    @Test func takesATurnBackAsAValue() throws {
        var agent = try FrontDesk.agent()
        _ = agent.respond(to: "i need a haircut")
        let before = agent
        let first = agent.respond(to: "friday")
        agent = before
        #expect(agent.respond(to: "friday") == first)
    }

    @Test func saysShortSentences() throws {
        let script = try FrontDesk.script()
        let intents = script.intents.entries.map(\.value)
        let own = [script.greeting.say, script.noMatch.say, script.noInput.say, script.cancel.say]
        let questions = script.questions.entries.map(\.value.ask)
        let asked = intents.flatMap {
            [$0.reply, $0.change] + ($0.confirm.map { [$0] } ?? []) + $0.ask.entries.map(\.value)
        }
        for text in (own + questions + asked).flatMap(\.templates).map(\.text) {
            for sentence in text.split(whereSeparator: { ".?!".contains($0) }) {
                #expect(sentence.split(separator: " ").count <= 12, "\(sentence)")
            }
        }
    }
}
