// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineTesting
import Synchronization
import Testing

@testable import PipelineKit

/// A processor that holds a real loop is named while it does; the call goes on once it lets go.
@Suite struct WatchdogTests {
    /// Holds whoever waits until it is opened.
    private final class Door: Sendable {
        let isOpen = Atomic<Bool>(false)

        func hold() {
            while !isOpen.load(ordering: .acquiring) { usleep(500) }
        }
    }

    private final class Blocking: Service {
        static let name = "blocking"
        static let summary = "Holds its loop."
        private let door: Door?

        init(_ parameters: NoParameters) { door = nil }
        init(_ door: Door) { self.door = door }

        nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
            try await output.sleep(for: .milliseconds(1))
            door?.hold()
        }
    }

    private func expectBlame(_ plan: CompiledPlan, _ door: Door) async throws {
        let (stalls, told) = AsyncStream.makeStream(of: LoopStall.self)
        let group = LoopGroup(count: 1, stallLimit: .milliseconds(20)) { told.yield($0) }
        let (loop, log) = (group.loops[0], EventLog())
        let session = try await Session.start(plan, call: Call(id: "1", transport: "test"), on: loop, observer: log)
        let pushing = Task { await session.push(Frame(Transcript("x"))) }
        // The loop is held now; only the watchdog's thread can tell.
        let stall = await stalls.first { _ in true }
        #expect(stall?.pipeline == "watched")
        #expect(stall?.processor == "culprit")
        door.isOpen.store(true, ordering: .releasing)
        await pushing.value
        await session.push(Frame(Transcript("next")))
        await session.end(.inputEnded)
        let report = await session.ended()
        #expect(report.reason.name == "input_ended")
        #expect(log.errors.first?.processor == "culprit")
        #expect(log.errors.first?.category == .overload)
        try await group.shutDown()
        let stalled = loop.watch.stalled.load(ordering: .relaxed)
        #expect(stalled == 0)
    }

    @Test func aProcessorThatHoldsTheLoopIsNamedWhileItDoes() async throws {
        let door = Door()
        var builder = PipelineBuilder("watched", limits: .unhurried)
        builder.add(Caller(NoParameters()))
        builder.add(Scripted { _, _ in door.hold() }, id: "culprit")
        try await expectBlame(builder.build(), door)
    }

    @Test func aServiceThatHoldsTheLoopIsNamedWhileItDoes() async throws {
        let door = Door()
        var builder = PipelineBuilder("watched", limits: .unhurried)
        builder.add(Caller(NoParameters()))
        builder.add(Blocking(door), id: "culprit")
        try await expectBlame(builder.build(), door)
    }

    @Test func aLoopThatIsIdleIsNotBlamed() async throws {
        let group = LoopGroup(count: 1, stallLimit: .milliseconds(2))
        let session = try await Session.start(
            ShortCalls.plan(), call: Call(id: "1", transport: "test"), on: group.loops[0])
        await session.push(Frame(ModelRequest(turn: TurnID(1), messages: [])))
        await session.end(.inputEnded)
        #expect(await session.ended().reason.name == "input_ended")
        try await group.shutDown()
        let position = group.loops[0].watch.position.load(ordering: .relaxed)
        #expect(position == 0)
    }
}
