// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Synchronization
import Testing

@testable import PipelineKit

/// Sessions on real loops, entered from other threads.
///
/// These are what the thread sanitizer is run on.
@Suite struct RealLoopTests {
    @Test func aSessionEndsOnceHoweverManyThreadsEndIt() async throws {
        let group = LoopGroup(count: 2)
        let plan = ShortCalls.plan()
        for number in 0..<50 {
            let (output, log) = (ClosedOutput(), EventLog())
            let call = Call(id: "\(number)", transport: "test", output: output)
            let session = try await Session.start(plan, call: call, on: group.leastLoaded(), observer: log)
            let reports = await withTaskGroup(of: String.self) { tasks in
                for _ in 0..<4 {
                    tasks.addTask { @concurrent in
                        await session.push(Frame(ModelRequest(turn: TurnID(1), messages: [])))
                        await session.interrupt("race")
                        await session.end([.inputEnded, .hungUp, .cancelled, .shutdown].randomElement() ?? .idle)
                        return await session.ended().reason.name
                    }
                }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(reports).count == 1)
            #expect(output.closes == 1)
            let ends = log.all.filter { if case .ended = $0.event { true } else { false } }
            #expect(ends.count == 1)
        }
        try await group.shutDown()
        for loop in group.loops { #expect(LeakCheck.leftovers(on: loop).isEmpty) }
    }

    @Test func framesPushedFromAnotherThreadArriveInOrder() async throws {
        let group = LoopGroup(count: 1)
        let log = FrameLog()
        var builder = PipelineBuilder(limits: .unhurried)
        builder.add(Caller(NoParameters()))
        builder.add(DelayedRelay(.zero), queue: QueueSettings(capacity: 2000))
        builder.add(Tap(log))
        let session = try await Session.start(
            builder.build(), call: Call(id: "1", transport: "test"), on: group.loops[0])
        for index in 0..<1000 { await session.push(Frame(Transcript("\(index)"))) }
        await session.end(.inputEnded)
        let report = await session.ended()
        #expect(report.reason.name == "input_ended")
        #expect(log.frames.compactMap { $0[Transcript.self]?.text } == (0..<1000).map(String.init))
        try await group.shutDown()
    }

    @Test func ourOwnShareOfAGapIsWhatTheLoopComputedMeanwhile() async throws {
        let group = LoopGroup(count: 1)
        var builder = PipelineBuilder(limits: .unhurried)
        builder.add(Caller(NoParameters()))
        builder.add(
            Scripted { frame, context in
                guard frame[Transcript.self] != nil else { return context.emit(frame) }
                context.beginTurn(TurnID(1))
                context.mark(.speechEnded, at: context.now)
                context.mark(.committed)
                let end = MonotonicClock.now + .milliseconds(3)
                while MonotonicClock.now < end {}
                context.replyHeard(at: context.now)
            })
        let log = EventLog()
        let session = try await Session.start(
            builder.build(), call: Call(id: "1", transport: "test"), on: group.loops[0], observer: log)
        await session.push(Frame(Transcript("go")))
        await session.end(.inputEnded)
        _ = await session.ended()
        let own = log.turns.first?.parts.first { $0.name == "own" }
        #expect((own?.duration ?? .zero) >= .milliseconds(3))
        try await group.shutDown()
    }

    @Test func aServiceThatEmitsForEverLeavesTheLoopToOthers() async throws {
        let group = LoopGroup(count: 1)
        var builder = PipelineBuilder(limits: .unhurried)
        builder.add(Caller(NoParameters()))
        builder.add(FlakyService(.floodsForever))
        builder.add(Scripted { _, _ in })
        let flooding = try await Session.start(
            builder.build(), call: Call(id: "1", transport: "test"), on: group.loops[0])
        await flooding.push(Frame(Transcript("go")))
        let neighbour = try await Session.start(
            ShortCalls.plan(), call: Call(id: "2", transport: "test"), on: group.loops[0])
        await neighbour.end(.inputEnded)
        #expect(await neighbour.ended().reason.name == "input_ended")
        await flooding.end(.cancelled)
        #expect(await flooding.ended().abandoned == [])
        try await group.shutDown()
    }

    @Test func sleepsLastAsLongAsTheyShould() async throws {
        let group = LoopGroup(count: 1)
        let log = EventLog()
        var builder = PipelineBuilder(limits: .unhurried)
        builder.add(DelayedRelay(.milliseconds(30)))
        let session = try await Session.start(
            builder.build(), call: Call(id: "1", transport: "test"), on: group.loops[0], observer: log)
        for _ in 0..<3 { await session.push(Frame(Transcript("x"))) }
        await session.end(.inputEnded)
        let report = await session.ended()
        #expect(report.duration >= .milliseconds(90))
        try await group.shutDown()
    }

    @Test func workThatIsOffloadedRunsElsewhere() async throws {
        let group = LoopGroup(count: 1)
        let log = FrameLog()
        var builder = PipelineBuilder(limits: .unhurried)
        builder.add(Offloading(NoParameters()))
        builder.add(Tap(log))
        let loop = group.loops[0]
        let session = try await Session.start(builder.build(), call: Call(id: "1", transport: "test"), on: loop)
        await session.push(Frame(Transcript("x")))
        await session.end(.inputEnded)
        _ = await session.ended()
        #expect(log.frames.compactMap { $0[Transcript.self]?.text } == ["elsewhere, and back"])
        try await group.shutDown()
    }
}

/// Says whether work ran off the loop, and what follows on it.
private final class Offloading: Service {
    static let name = "offloading"
    static let summary = "Computes off the loop."

    init(_ parameters: NoParameters) {}

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        guard let loop = output.loop else { return }
        let wasElsewhere = try await output.offload { !loop.isOnLoop }
        try await output.emit(
            Transcript("\(wasElsewhere ? "elsewhere" : "here"), and \(loop.isOnLoop ? "back" : "lost")"))
    }
}

/// Counts how often it is closed.
private final class ClosedOutput: CallOutput, Sendable {
    private let count = Atomic<Int>(0)
    var closes: Int { count.load(ordering: .relaxed) }

    func write(_ audio: Audio, at time: MediaTime) {}
    func close(_ reason: EndReason) { count.add(1, ordering: .relaxed) }
}
