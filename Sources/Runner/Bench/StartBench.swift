// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit

/// How long the binary takes from its start until the first frame of a call has been answered.
enum StartBench {
    /// The argument that makes the binary answer one frame and leave.
    static let probeArgument = "--start-probe"

    /// The median of several starts, in milliseconds of wall time.
    static func milliseconds() throws -> Double {
        try Stopwatch.median(of: 5) {
            let start = Stopwatch.wall
            try spawnProbe()
            return (Stopwatch.wall - start) / 1e6
        }
    }

    /// The probe could not be run.
    struct ProbeFailed: Error {
        let status: Int32
    }

    private static func spawnProbe() throws {
        var process = pid_t()
        let words = ["/proc/self/exe", "bench", "core", probeArgument]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        let status = posix_spawn(&process, "/proc/self/exe", nil, nil, arguments, environ)
        guard status == 0 else { throw ProbeFailed(status: status) }
        var result: Int32 = 0
        waitpid(process, &result, 0)
        guard result == 0 else { throw ProbeFailed(status: result) }
    }

    /// Starts loops, answers one frame of a call, and returns.
    static func answerOneFrame() async throws {
        let group = LoopGroup()
        var builder = PipelineBuilder("probe")
        builder.add(Caller(NoParameters()))
        builder.add(BenchService(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        let answered = AsyncStream<Void>.makeStream()
        let call = Call(id: "probe", transport: "bench", output: FirstFrame { answered.continuation.finish() })
        let session = try await Session.start(builder.build(), call: call, on: group.leastLoaded())
        await session.push(Frame(audio: .silence(.milliseconds(20), format: .wideband)))
        for await _ in answered.stream {}
        await session.end(.cancelled)
        _ = await session.ended()
        try await group.shutDown()
    }

    private final class FirstFrame: CallOutput {
        private let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }

        func write(_ audio: Audio, at time: MediaTime) { body() }
    }
}
