// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Providers

struct UtteranceLedgerTests {
    private func at(_ tenths: Int) -> MediaTime { .zero + .milliseconds(100 * tenths) }

    private func timed(
        _ text: String, _ span: ClosedRange<Int>, isFinal: Bool = true, answers: Bool = false
    ) -> UtteranceLedger.Heard {
        UtteranceLedger.Heard(
            text: text, isFinal: isFinal, answersFinalize: answers, start: at(span.lowerBound),
            span: at(span.lowerBound)..<at(span.upperBound))
    }

    private func untimed(_ text: String, isFinal: Bool = true, answers: Bool = true) -> UtteranceLedger.Heard {
        UtteranceLedger.Heard(text: text, isFinal: isFinal, answersFinalize: answers, start: .zero)
    }

    /// What is told, on one line: interim words in brackets, the end of an utterance as a full stop.
    private func told(_ actions: [UtteranceLedger.Action]) -> [String] {
        actions.compactMap { action in
            switch action {
            case .tell(let transcript, _):
                transcript.isUtteranceEnd
                    ? transcript.text + "." : transcript.isFinal ? transcript.text : "(\(transcript.text))"
            case .late: "late"
            case .settled: nil
            }
        }
    }

    @Test func answersAnEndWithTheFinalThatWasAskedFor() {
        var ledger = UtteranceLedger()
        ledger.speechStarted(at: at(1))
        #expect(told(ledger.take(timed("go", 0...5, isFinal: false))) == ["(go)"])
        #expect(told(ledger.take(timed("go for", 0...7))) == ["go for"])
        let utterance = ledger.speechStopped(at: at(9), mark: at(10))
        let actions = ledger.take(timed("ward", 7...10, answers: true))
        #expect(actions.last == .settled(utterance))
        #expect(told(actions) == ["ward."])
        #expect(!ledger.isWaiting)
    }

    @Test func anEmptyAnswerEndsTheUtteranceToo() {
        var ledger = UtteranceLedger()
        ledger.speechStarted(at: at(1))
        _ = ledger.speechStopped(at: at(9), mark: at(10))
        #expect(told(ledger.take(timed("", 10...10, answers: true))) == ["."])
    }

    @Test func answersWithTheWordsSoFarWhenTimeIsUpAndTakesNoLateOnes() {
        var ledger = UtteranceLedger()
        ledger.speechStarted(at: at(1))
        _ = ledger.take(timed("go for", 0...7, isFinal: false))
        let utterance = ledger.speechStopped(at: at(9), mark: at(10))
        let actions = ledger.timeIsUp(utterance)
        #expect(actions == [.tell(Transcript("go for", isUtteranceEnd: true), at: at(1)), .settled(utterance)])
        #expect(told(ledger.take(timed("go forward", 0...10, answers: true))) == ["late"])
        #expect(ledger.timeIsUp(utterance).isEmpty)
    }

    @Test func lateWordsAreNotThoseOfTheNextUtterance() {
        var ledger = UtteranceLedger()
        ledger.speechStarted(at: at(1))
        let first = ledger.speechStopped(at: at(9), mark: at(10))
        _ = ledger.timeIsUp(first)
        ledger.speechStarted(at: at(12))
        #expect(told(ledger.take(timed("late words", 0...10, isFinal: false))) == ["late"])
        #expect(told(ledger.take(timed("next", 10...14, isFinal: false))) == ["(next)"])
        _ = ledger.speechStopped(at: at(15), mark: at(16))
        #expect(told(ledger.take(timed("next", 10...16, answers: true))) == ["next."])
    }

    @Test func theCallerGoesOnBeforeTheAnswer() {
        var ledger = UtteranceLedger()
        ledger.speechStarted(at: at(1))
        _ = ledger.speechStopped(at: at(9), mark: at(10))
        ledger.speechStarted(at: at(11))
        #expect(told(ledger.take(timed("to Rome", 0...10, answers: true))) == ["to Rome."])
        _ = ledger.speechStopped(at: at(19), mark: at(20))
        #expect(told(ledger.take(timed("or Oslo", 10...20, answers: true))) == ["or Oslo."])
    }

    @Test func aProviderThatGoesOnHasAnsweredWhatWasBefore() {
        var ledger = UtteranceLedger()
        ledger.speechStarted(at: at(1))
        _ = ledger.take(timed("hello", 0...5, isFinal: false))
        _ = ledger.speechStopped(at: at(9), mark: at(10))
        #expect(told(ledger.take(timed("there", 10...15, isFinal: false))) == ["hello.", "(there)"])
    }

    @Test func answersWithoutTimesAreTakenInOrder() {
        var ledger = UtteranceLedger()
        for time in [0, 10] {
            ledger.speechStarted(at: at(time))
            _ = ledger.speechStopped(at: at(time + 5), mark: at(time + 6))
        }
        #expect(told(ledger.take(untimed("one", isFinal: false, answers: false))) == ["(one)"])
        #expect(told(ledger.take(untimed("one"))) == ["one."])
        #expect(told(ledger.take(untimed("two"))) == ["two."])
        #expect(told(ledger.take(untimed("more", isFinal: false, answers: false))) == ["(more)"])
    }

    @Test func theProvidersEndpointEndsWordsThatNoVoiceActivityEnds() {
        var ledger = UtteranceLedger()
        #expect(ledger.endpoint(at: at(1)).isEmpty)
        #expect(told(ledger.take(timed("hello", 0...5))) == ["hello"])
        #expect(told(ledger.endpoint(at: at(6))) == ["."])
        #expect(ledger.endpoint(at: at(7)).isEmpty)
        ledger.speechStarted(at: at(8))
        _ = ledger.take(timed("you", 7...9))
        #expect(ledger.endpoint(at: at(9)).isEmpty)
    }

    @Test(arguments: 0..<200)
    func everyEndOfSpeechIsAnsweredOnce(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var ledger = UtteranceLedger()
        let isTimed = Bool.random(using: &random)
        var (now, stops, ends, windowStart) = (0, 0, 0, 0)
        var open: [Int] = []
        func note(_ actions: [UtteranceLedger.Action]) {
            for case .tell(let transcript, _) in actions where transcript.isUtteranceEnd { ends += 1 }
        }
        for _ in 0..<60 {
            now += 1
            switch Int.random(in: 0..<7, using: &random) {
            case 0: ledger.speechStarted(at: at(now))
            case 1:
                open.append(ledger.speechStopped(at: at(now), mark: at(now)))
                stops += 1
            case 2: if let utterance = open.randomElement(using: &random) { note(ledger.timeIsUp(utterance)) }
            case 3: ledger.disconnected()
            default:
                let (isFinal, answers) = (Bool.random(using: &random), Bool.random(using: &random))
                var heard = untimed("w", isFinal: isFinal || answers, answers: answers)
                if isTimed { heard.span = at(windowStart)..<at(now) }
                if isFinal { windowStart = now }
                note(ledger.take(heard))
            }
        }
        note(ledger.giveUp())
        #expect(ends == stops)
        #expect(!ledger.isWaiting)
    }
}
