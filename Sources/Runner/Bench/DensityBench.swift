// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Processors

/// How many phone-quality calls one core carries: µ-law in, 8 to 16 kHz, voice activity, turn, 16 to 8 kHz, µ-law out.
enum DensityBench {
    /// The detector in the calls.
    enum Detector { case energy, silero }

    /// A trial: so many calls at once, and how late their frames were.
    struct Trial {
        let sessions: Int
        let latenessP99Milliseconds: Double
        /// Share of the core that the process used.
        let load: Double

        /// Lateness below one frame, and all frames there.
        var holds: Bool { latenessP99Milliseconds < 20 && load < 0.97 }
    }

    private static let trialLength = Duration.seconds(3)

    /// The largest number of calls that was tried and held: frames less than one frame late at the 99th percentile.
    ///
    /// Each trial aims at a share of the core from what the one before used, at first at 80 %, then nearer to all of it. A
    /// core that is asked for more than it has is not tried: it falls ever further behind, and the trial would not end.
    static func sessionsPerCore(_ detector: Detector, limit: Int = 40_000) async throws -> Trial {
        let line = try BenchRecording.telephone()
        var best = try await trial(250, detector, line)
        for share in [0.8, 0.88, 0.93] {
            while best.holds {
                let aim = Int(Double(best.sessions) * min(2, share / max(best.load, 0.01)))
                guard aim > best.sessions * 103 / 100, aim <= limit else { break }
                let found = try await trial(aim, detector, line)
                guard found.holds else { return best }
                best = found
            }
        }
        return best
    }

    /// Runs so many calls on one loop and measures.
    static func trial(_ count: Int, _ detector: Detector, _ line: [Audio]) async throws -> Trial {
        let group = LoopGroup(count: 1)
        let loop = group.loops[0]
        let lateness = Lateness()
        var sessions: [Session] = []
        for index in 0..<count {
            let plan = plan(index, of: count, detector, line, lateness)
            let call = Call(id: "density", transport: "bench", inputFormat: .telephone, outputFormat: .telephone)
            sessions.append(try await Session.start(plan, call: call, on: loop))
        }
        try await Task.sleep(for: BenchSink.warmUp)
        let start = (Stopwatch.cpu, Stopwatch.wall)
        try await Task.sleep(for: trialLength)
        let load = (Stopwatch.cpu - start.0) / (Stopwatch.wall - start.1)
        for session in sessions { await session.end(.cancelled) }
        for session in sessions { _ = await session.ended() }
        try await group.shutDown()
        let p99 = lateness.percentile(0.99)
        return Trial(sessions: count, latenessP99Milliseconds: p99, load: load)
    }

    private static func plan(
        _ index: Int, of count: Int, _ detector: Detector, _ line: [Audio], _ lateness: Lateness
    ) -> CompiledPlan {
        var builder = PipelineBuilder("density")
        let phase = Duration.microseconds(20_000 * index / count)
        builder.add(BenchLine(line, position: index * 37, phase: phase))
        builder.add(AudioConverter(AudioConverter.Parameters(.wideband)), id: "to_wideband")
        switch detector {
        case .energy: builder.add(EnergyVAD(.template))
        case .silero: builder.add(SileroVAD(.template))
        }
        builder.add(Turn(.template))
        let out = AudioFormat(rateHz: 8000, encoding: .mulaw)
        builder.add(AudioConverter(AudioConverter.Parameters(out)), id: "to_telephone")
        builder.add(BenchSink(lateness))
        return builder.build()
    }
}
