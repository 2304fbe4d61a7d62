// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import CarrierEmulator

@Suite struct CallerMachineTests {
    private func machine(_ steps: CallerStep...) -> CallerMachine { CallerMachine(CallerScript(steps)) }

    @Test func speaksOnceTheAgentHasSpokenAndFallenSilent() {
        var caller = machine(CallerStep(say: "hello"))
        #expect(caller.action(at: .seconds(1)) == nil)
        caller.agentSpeaks(true, at: .seconds(1))
        #expect(caller.action(at: .seconds(3)) == nil)
        caller.agentSpeaks(false, at: .seconds(3))
        #expect(caller.action(at: .milliseconds(3699)) == nil)
        #expect(caller.action(at: .milliseconds(3700)) == .speak(step: 0))
        #expect(caller.action(at: .seconds(9)) == nil)
    }

    @Test func speaksFirstWhenNobodyDoes() {
        var caller = machine(CallerStep(say: "hello"))
        #expect(caller.action(at: .seconds(5)) == .speak(step: 0))
    }

    @Test func talksOverTheAgent() {
        var step = CallerStep(say: "stop")
        step.over = .milliseconds(500)
        var caller = machine(step)
        caller.agentSpeaks(true, at: .seconds(1))
        #expect(caller.action(at: .milliseconds(1480)) == nil)
        #expect(caller.action(at: .milliseconds(1500)) == .speak(step: 0))
    }

    @Test func waitsForWordsWhateverTheirPunctuation() {
        var step = CallerStep(say: "at three")
        step.after = "what time"
        var caller = machine(step)
        caller.agentSpeaks(true, at: .zero)
        caller.agentSpeaks(false, at: .seconds(1))
        #expect(caller.action(at: .seconds(4)) == nil)
        caller.agentSaid("Riverside Hair Studio. And at what...")
        #expect(caller.action(at: .seconds(4)) == nil)
        caller.agentSaid("Time?")
        #expect(caller.action(at: .seconds(4)) == .speak(step: 0))
    }

    @Test func pressesKeysAndHangsUp() {
        var keys = CallerStep(press: "1#")
        keys.at = .seconds(2)
        var caller = machine(keys, CallerStep(hangup: true))
        #expect(caller.action(at: .seconds(2)) == .press(["1", "#"]))
        caller.finished(at: .milliseconds(2200))
        caller.agentSpeaks(true, at: .seconds(3))
        caller.agentSpeaks(false, at: .seconds(4))
        #expect(!caller.wantsToHangUp(at: .seconds(4)))
        #expect(caller.wantsToHangUp(at: .seconds(5)))
        #expect(caller.action(at: .seconds(5)) == .hangUp)
    }

    @Test func losesPatience() {
        var step = CallerStep(say: "well")
        step.after = "something that never comes"
        var caller = machine(step)
        #expect(caller.action(at: .seconds(29)) == nil)
        #expect(caller.action(at: .seconds(30)) == .hangUp)
        #expect(caller.complaint?.contains("something that never comes") == true)
    }

    @Test func hangsUpWhenThereIsNothingMoreToSay() {
        var caller = machine()
        caller.agentSpeaks(true, at: .seconds(1))
        #expect(caller.action(at: .seconds(20)) == nil)
        caller.agentSpeaks(false, at: .seconds(20))
        #expect(caller.action(at: .milliseconds(24_999)) == nil)
        #expect(caller.action(at: .seconds(25)) == .hangUp)
    }
}
