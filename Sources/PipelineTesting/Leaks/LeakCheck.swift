// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import PipelineKit

/// Compares what a process holds with what it held before.
///
/// The figures of loops are theirs alone; descriptors, threads and memory belong to the whole process, so that they are
/// worth comparing only where nothing else runs, as in an exit test.
///
///     let check = LeakCheck()
///     ...
///     #expect(check.differences(growth: 1 << 20).isEmpty)
public struct LeakCheck: Sendable {
    private let descriptors = Self.entries(of: "/proc/self/fd")
    private let threads = Self.entries(of: "/proc/self/task")
    private let residentBytes = Self.residentBytes()

    /// Takes the figures of the process as they are.
    public init() {}

    /// What the process holds more than before, one sentence each.
    ///
    /// - Parameter growth: Bytes by which resident memory may have grown: allocators keep pages for later.
    public func differences(growth: Int) -> [String] {
        var differences: [String] = []
        let descriptorsNow = Self.entries(of: "/proc/self/fd")
        let threadsNow = Self.entries(of: "/proc/self/task")
        if descriptorsNow > descriptors { differences.append("\(descriptorsNow - descriptors) descriptors are open") }
        if threadsNow > threads { differences.append("\(threadsNow - threads) threads are there") }
        let grown = Self.residentBytes() - residentBytes
        if grown > growth { differences.append("resident memory has grown by \(grown / 1024) KiB") }
        return differences
    }

    /// What sessions have left on a loop, one sentence each. Call where the loop does not run.
    public static func leftovers(on loop: SessionLoop) -> [String] {
        var leftovers: [String] = []
        if loop.liveSessionCount != 0 { leftovers.append("\(loop.liveSessionCount) sessions have not ended") }
        if loop.liveObjectCount != 0 { leftovers.append("\(loop.liveObjectCount) objects of sessions are alive") }
        if loop.timerCount != 0 { leftovers.append("\(loop.timerCount) timers are set") }
        return leftovers
    }

    private static func entries(of path: String) -> Int {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }

    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        // The second number is resident pages (proc(5)).
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
