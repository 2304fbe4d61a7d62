// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// What this process costs while something runs: CPU time, and the most memory.
final class ProcessMeter: Sendable {
    /// What it cost.
    struct Cost {
        /// Percent of one core.
        var cpuPercent: Double
        /// The most memory that was resident, in MiB.
        var residentMiB: Double
    }

    private let start = (cpu: Stopwatch.cpu, wall: Stopwatch.wall)
    private let peak: Task<Double, Never>

    /// Begins to measure.
    init() {
        peak = Task {
            var peak = Self.residentMiB
            while (try? await Task.sleep(for: .milliseconds(200))) != nil { peak = max(peak, Self.residentMiB) }
            return max(peak, Self.residentMiB)
        }
    }

    /// Stops, and says what it cost.
    func stop() async -> Cost {
        let percent = 100 * (Stopwatch.cpu - start.cpu) / max(1, Stopwatch.wall - start.wall)
        peak.cancel()
        return Cost(cpuPercent: percent, residentMiB: await peak.value)
    }

    /// Memory that is resident now.
    private static var residentMiB: Double {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 128)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
        let fields = String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Double(fields[1]) else { return 0 }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    }
}
