// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import PipelineKit

/// Sessions come and go in one process: afterwards it holds what it held before.
///
/// Each test runs in a process of its own, because descriptors, threads and memory belong to a process. Resident memory
/// may have grown by 4 MiB, which is 400 bytes for each of 10 000 sessions, and by 8 MiB since before the loops.
@Suite struct LeakTests {
    @Test func tenThousandVirtualSessionsLeaveNothing() async {
        await #expect(processExitsWith: .success) {
            let loop = SessionLoop.virtual()
            let plan = ShortCalls.plan()
            try ShortCalls.runVirtually(500, plan, on: loop)
            let check = LeakCheck()
            try ShortCalls.runVirtually(10_000, plan, on: loop)
            ShortCalls.record(check.differences(growth: 4 << 20) + LeakCheck.leftovers(on: loop))
        }
    }

    @Test func tenThousandRealSessionsLeaveNothing() async {
        await #expect(processExitsWith: .success) {
            let plan = ShortCalls.plan()
            // What the system's own libraries open once and keep is open after this.
            let first = LoopGroup(count: 2)
            try await ShortCalls.run(500, plan, on: first)
            try await first.shutDown()
            let beforeAll = LeakCheck()
            let group = LoopGroup(count: 2)
            try await ShortCalls.run(500, plan, on: group)
            let check = LeakCheck()
            try await ShortCalls.run(10_000, plan, on: group)
            var differences = check.differences(growth: 4 << 20, threadGrowth: 2)
            try await group.shutDown()
            differences += group.loops.flatMap(LeakCheck.leftovers)
            differences += beforeAll.differences(growth: 8 << 20, threadGrowth: 2)
            ShortCalls.record(differences)
        }
    }

    @Test func aSessionWhoseProcessorHangsLeavesNothingOnceItReturns() throws {
        for fault: FlakyService.Fault in [.hangs, .hangsAtStart, .hangsAtFinish, .hangsAtStop] {
            let (loop, gate) = (SessionLoop.virtual(), Gate())
            do {
                var builder = PipelineBuilder()
                builder.add(Caller(NoParameters()))
                builder.add(FlakyService(fault, gate: gate))
                let harness = try PipelineHarness(builder.build(), on: loop)
                harness.send(Sentence("go"))
                #expect(harness.end()?.abandoned == ["flaky_service"])
            }
            #expect(loop.liveSessionCount == 0)
            // The task that hangs is all that is left.
            #expect(loop.liveObjectCount <= 1)
            gate.open()
            loop.run(until: loop.virtualTime)
            #expect(LeakCheck.leftovers(on: loop).isEmpty)
        }
    }

    @Test func aSessionThatCouldNotBeMadeLeavesNothing() {
        struct Refused: Error {}
        let loop = SessionLoop.virtual()
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(DelayedRelay(.zero))
        builder.add(try Self.fail(Refused()), id: "third")
        let plan = builder.build()
        #expect(throws: Refused.self) {
            try loop.perform { _ = try Session(plan, call: Call(id: "1", transport: "test"), loop: loop) }
        }
        #expect(LeakCheck.leftovers(on: loop).isEmpty)
    }

    private static func fail(_ error: any Error) throws -> Scripted { throw error }
}

/// Calls of a few frames that end in every way.
enum ShortCalls {
    static func plan() -> CompiledPlan {
        var limits = SessionLimits.unhurried
        limits.drain = .milliseconds(50)
        var builder = PipelineBuilder("short", limits: limits)
        builder.add(Caller(NoParameters()))
        builder.add(FakeVoiceActivity(hangover: .zero))
        builder.add(DelayedRelay(.zero), id: "first", queue: QueueSettings(capacity: 8))
        builder.add(FakeLanguageModel(.init(["a", "b"], firstToken: .milliseconds(1), gap: .milliseconds(1))))
        builder.add(TestSentences(NoParameters()))
        builder.add(FakeTextToSpeech(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        builder.add(FlakyProcessor(.throwsError, atFrame: 1_000_000))
        return builder.build()
    }

    private static func reason(_ number: Int) -> EndReason {
        switch number % 5 {
        case 0: .inputEnded
        case 1: .hungUp
        case 2: .cancelled
        case 3: .failed(PipelineError(.bug, "on purpose"))
        default: .agentEnded
        }
    }

    private static func act(in session: isolated Session, number: Int) {
        for _ in 0..<3 { session.push(Frame(audio: .silence(.milliseconds(20), format: .telephone))) }
        session.push(Frame(ModelRequest(turn: TurnID(1), messages: [Message(.user, "hello")])))
        if number % 3 == 0 { session.interrupt("test") }
    }

    static func runVirtually(_ count: Int, _ plan: CompiledPlan, on loop: SessionLoop) throws {
        for start in stride(from: 0, to: count, by: 100) {
            let sessions = try (start..<start + 100).map { number in
                try loop.perform {
                    let session = try Session(plan, call: Call(id: "\(number)", transport: "test"), loop: loop)
                    session.assumeIsolated { session in
                        session.start()
                        act(in: session, number: number)
                    }
                    return session
                }
            }
            loop.run(until: loop.virtualTime + .milliseconds(3))
            for (offset, session) in sessions.enumerated() {
                loop.perform { session.assumeIsolated { $0.end(reason(start + offset)) } }
            }
            loop.run(until: loop.virtualTime + .milliseconds(200))
        }
    }

    static func run(_ count: Int, _ plan: CompiledPlan, on group: LoopGroup) async throws {
        for start in stride(from: 0, to: count, by: 100) {
            try await withThrowingTaskGroup { tasks in
                for number in start..<start + 100 {
                    tasks.addTask {
                        let call = Call(id: "\(number)", transport: "test")
                        let session = try await Session.start(plan, call: call, on: group.leastLoaded())
                        await act(in: session, number: number)
                        await session.end(reason(number))
                        _ = await session.ended()
                    }
                }
                try await tasks.waitForAll()
            }
        }
    }

    /// Makes an issue of each difference; an exit test passes them on.
    static func record(_ differences: [String]) {
        for difference in differences { Issue.record("\(difference)") }
    }
}
