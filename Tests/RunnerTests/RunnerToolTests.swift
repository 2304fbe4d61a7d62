// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import PipelineTesting
import Testing

/// The built binary, launched.
@Suite struct RunnerToolTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func answersWithItsExitCode() async throws {
        #expect(try await Launch(["--version"]).status() == 0)
        #expect(try await Launch(["lint", directory.path("none.yaml")]).status() == 1)
        #expect(try await Launch(["walk"]).status() == 2)
    }

    private func run(_ pipeline: String, silence: Duration = .seconds(60)) async throws -> Launch {
        let file = try directory.write(pipeline, to: "ears.yaml")
        let input = try directory.write(.silence(silence), to: "caller.wav")
        return try Launch(["run", file, "--input", input, "--json"])
    }

    @Test func drainsAtTheFirstSignal() async throws {
        let launch = try await run(vadOnly)
        try await launch.wait(forText: "\"kind\":\"session\"")
        launch.signal(SIGINT)
        #expect(await launch.status() == 0)
        #expect(launch.output.contains("Stopping: 1 call may finish what is under way."))
        #expect(launch.output.contains("\"reason\":\"shutdown\""))
    }

    /// A disk that hangs: a pipe that nobody reads.
    ///
    /// Whoever opens it waits for ever.
    private func stuck(cancel: String) throws -> String {
        guard mkfifo(directory.path("stuck.wav"), 0o600) == 0 else { throw Launch.Failure(description: "no pipe") }
        return """
            pipeline: stuck
            limits: { start: 600s, drain: 600s, cancel: \(cancel) }
            processors:
              - caller:
              - recorder: { path: "\(directory.path("stuck.wav"))" }
              - speaker:

            """
    }

    @Test func cancelsAtTheSecondSignal() async throws {
        let launch = try await run(stuck(cancel: "50ms"))
        try await launch.wait(forText: "\"kind\":\"session\"")
        launch.signal(SIGTERM)
        try await launch.wait(forText: "Stopping: 1 call")
        launch.signal(SIGTERM)
        #expect(await launch.status() == 3)
        #expect(launch.output.contains("Cancelling 1 call."))
        #expect(launch.output.contains("\"abandoned\":[\"recorder\"]"))
    }

    @Test func leavesAtTheThirdSignal() async throws {
        let launch = try await run(stuck(cancel: "600s"))
        try await launch.wait(forText: "\"kind\":\"session\"")
        launch.signal(SIGINT)
        try await launch.wait(forText: "Stopping: 1 call")
        launch.signal(SIGINT)
        try await launch.wait(forText: "Cancelling 1 call.")
        launch.signal(SIGINT)
        #expect(await launch.status() == 3)
        #expect(!launch.output.contains("\"kind\":\"end\""))
    }

    @Test func noCallStaysActiveWhenItsProcessIsKilled() async throws {
        let recorded = "records: { calls: all, path: \"\(directory.path("calls.sqlite"))\" }\n" + vadOnly
        let file = try directory.write(recorded, to: "ears.yaml")
        let input = try directory.write(.silence(.seconds(60)), to: "caller.wav")
        let launches = try (0..<3).map { _ in try Launch(["run", file, "--input", input, "--json"]) }
        for launch in launches { try await launch.wait(forText: "\"kind\":\"session\"") }
        // Their beginnings are written within a tenth of a second.
        try await recordedCalls(file, 3, "active")
        launches[0].signal(SIGKILL)
        #expect(await launches[0].status() == -SIGKILL)
        try await recordedCalls(file, 1, "lost")
        try await recordedCalls(file, 2, "active")
        for launch in launches.dropFirst() { launch.signal(SIGINT) }
        for launch in launches.dropFirst() { #expect(await launch.status() == 0) }
        try await recordedCalls(file, 2, "ended")
        try await recordedCalls(file, 0, "active")
    }

    /// Looks until there are so many calls in a state.
    private func recordedCalls(_ file: String, _ count: Int, _ state: String) async throws {
        var found = ""
        for _ in 0..<20 {
            let launch = try Launch(["calls", "list", file, "--state", state, "--json"])
            _ = await launch.status()
            found = launch.output
            if found.split(separator: "\n").filter({ $0.contains("\"state\":\"\(state)\"") }).count == count { return }
        }
        Issue.record("\(count) calls were to be \(state): \(found)")
    }
}
