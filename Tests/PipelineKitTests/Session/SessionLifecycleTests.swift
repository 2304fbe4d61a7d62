// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PipelineKit

@Suite struct SessionLifecycleTests {
    private func running() -> SessionLifecycle {
        var lifecycle = SessionLifecycle()
        _ = lifecycle.start()
        return lifecycle
    }

    @Test func startsOnce() {
        var lifecycle = SessionLifecycle()
        let outcomes = [lifecycle.start(), lifecycle.start()]
        #expect(outcomes == [true, false])
        #expect(lifecycle.acceptsInput)
    }

    @Test(arguments: [
        (EndReason.inputEnded, SessionLifecycle.EndAction.drain), (.agentEnded, .drain), (.hungUp, .drain),
        (.idle, .drain),
        (.tooLong, .drain), (.shutdown, .drain), (.cancelled, .cancel), (.failed(PipelineError(.bug, "x")), .cancel),
    ])
    func drainsUnlessNothingIsToBeFinished(reason: EndReason, action: SessionLifecycle.EndAction) {
        var lifecycle = running()
        let next = lifecycle.end(reason)
        #expect(next == action)
        #expect(lifecycle.reason?.name == reason.name)
        #expect(!lifecycle.acceptsInput)
        #expect(lifecycle.isDraining == (action == .drain))
    }

    @Test func onlyACancellationCutsADrainShort() {
        var lifecycle = running()
        let actions = [
            lifecycle.end(.inputEnded), lifecycle.end(.idle), lifecycle.end(.cancelled), lifecycle.end(.cancelled),
        ]
        #expect(actions == [.drain, .nothing, .cancel, .nothing])
        #expect(lifecycle.reason?.name == "input_ended")
    }

    @Test func everyStepIsTakenOnce() {
        var lifecycle = running()
        let early = lifecycle.finish()
        _ = lifecycle.end(.inputEnded)
        let outcomes = [
            early, lifecycle.finish(), lifecycle.drained(), lifecycle.drained(), lifecycle.finish(), lifecycle.finish(),
        ]
        #expect(outcomes == [false, false, true, false, true, false])
        #expect(lifecycle.hasEnded)
    }

    @Test func whatNeverStartedHasNothingToDrain() {
        var lifecycle = SessionLifecycle()
        let action = lifecycle.end(.inputEnded)
        let hasStarted = lifecycle.start()
        #expect(action == .cancel)
        #expect(!hasStarted)
    }
}
