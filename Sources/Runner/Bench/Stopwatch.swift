// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit

/// Time spent, for benchmarks: nanoseconds of the process's CPU or of the wall.
enum Stopwatch {
    private static let origin = ContinuousClock.now

    /// Nanoseconds of CPU that the process has used, in steps of a microsecond.
    ///
    /// POSIX counts a million of them in a second, whatever the machine.
    static var cpu: Double { Double(clock()) * 1000 }
    /// Nanoseconds of the monotonic clock.
    static var wall: Double { Double((ContinuousClock.now - origin).nanoseconds) }

    /// The median of `repetitions` runs of `body`, which returns a figure.
    static func median(of repetitions: Int, _ body: () throws -> Double) rethrows -> Double {
        let figures = try (0..<repetitions).map { _ in try body() }.sorted()
        return figures[figures.count / 2]
    }

    /// The value below which the share `ratio` of `figures` lies.
    static func percentile(_ ratio: Double, _ figures: [Double]) -> Double {
        let sorted = figures.sorted()
        guard let last = sorted.last else { return 0 }
        let index = Int((ratio * Double(sorted.count)).rounded(.up)) - 1
        return sorted.indices.contains(index) ? sorted[index] : last
    }
}
