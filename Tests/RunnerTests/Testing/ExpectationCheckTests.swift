// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PipelineKit
@testable import Runner

@Suite struct ExpectationCheckTests {
    private let observations = TestObservations()
    private let call = Call(id: "test", transport: "test")

    init() {
        let interruption = Interruption(reason: "test", time: .zero, epoch: TurnEpoch())
        observations.session(call, at: .zero + .milliseconds(1100), .interruption(interruption))
        observations.session(
            call, at: .zero + .milliseconds(3000),
            .spoke(TurnID(1), heard: "We open at nine, don't we?", planned: "", isInterrupted: false))
        observations.heard(Frame(audio: .silence(.zero, format: .wideband)), behind: "speaker", at: .zero + .seconds(2))
    }

    private func failure(_ change: (inout TestExpectation) -> Void) -> String? {
        var expectation = TestExpectation()
        change(&expectation)
        return ExpectationCheck(expectation: expectation, lastStart: .milliseconds(900)).failure(observations)
    }

    @Test func countsTimeFromTheLastStep() {
        #expect(failure { ($0.event, $0.within) = (.interruption, .milliseconds(200)) } == nil)
        #expect(
            failure { ($0.event, $0.within) = (.interruption, .milliseconds(199)) }
                == "expected 'interruption' between 0.900s and 1.099s; it came at 1.100s")
        #expect(failure { ($0.event, $0.after, $0.within) = (.interruption, .seconds(1), .milliseconds(100)) } == nil)
        #expect(failure { ($0.event, $0.after) = (.interruption, .milliseconds(1101)) } != nil)
    }

    @Test func knowsWhatMustNotCome() {
        #expect(failure { ($0.frame, $0.absentAfter) = ("audio", .seconds(2)) } == nil)
        #expect(
            failure { ($0.frame, $0.absentAfter) = ("audio", .milliseconds(1999)) }
                == "expected no frame 'audio' from 'speaker' after 1.999s; it came at 2.000s")
        #expect(failure { ($0.frame, $0.on, $0.count) = ("audio", "tts", 0) } == nil)
        #expect(
            failure { ($0.event, $0.count) = (.interruption, 2) } == "expected 'interruption' 2 times; it came 1 times")
    }

    @Test(arguments: ["open at nine", "WE OPEN", "don't we"])
    func findsWordsWithoutRegardToCaseAndPunctuation(words: String) {
        #expect(failure { $0.transcript = words } == nil)
    }

    @Test func doesNotFindPartsOfWordsOrTheOtherSidesWords() {
        #expect(
            failure { $0.transcript = "we op" }
                == "expected 'we op' by the agent between 0.900s and the end; it never came; "
                + "the agent said 'We open at nine, don't we?'")
        #expect(failure { ($0.transcript, $0.by) = ("open", .caller) }?.hasSuffix("the caller said nothing") == true)
    }

    @Test(arguments: [PipelineTest.erasedSchema, TestStep.erasedSchema, TestExpectation.erasedSchema])
    func everyParameterOfATestHasItsLine(schema: AnyParameterSchema) {
        // A step that does nothing is no step, so that the empty template of these cannot be read back.
        #expect(schema.problems().filter { !$0.hasPrefix("the template cannot be read back") }.isEmpty)
    }
}
