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
    private let descriptors = Self.descriptors()
    private let threads = Self.entries(of: "/proc/self/task").count
    private let residentBytes = Self.residentBytes()

    /// Takes the figures of the process as they are.
    public init() {}

    /// What the process holds more than before, one sentence each.
    ///
    /// - Parameters:
    ///   - growth: Bytes by which resident memory may have grown: allocators keep pages for later.
    ///   - threadGrowth: Threads that may have been added: the language's own pool begins and ends them as it likes.
    public func differences(growth: Int, threadGrowth: Int = 0) -> [String] {
        var differences: [String] = []
        for (target, count) in Self.descriptors().sorted(by: { $0.key < $1.key }) {
            let more = count - descriptors[target, default: 0]
            if more > 0 { differences.append("\(more) descriptors of \(target) are open") }
        }
        let threadsNow = Self.entries(of: "/proc/self/task").count
        if threadsNow > threads + threadGrowth { differences.append("\(threadsNow - threads) threads are there") }
        let grown = Self.residentBytes() - residentBytes
        if grown > growth { differences.append("resident memory has grown by \(grown / 1024) KiB") }
        return differences
    }

    /// What sessions have left on a loop, one sentence each.
    ///
    /// Call where the loop does not run.
    public static func leftovers(on loop: SessionLoop) -> [String] {
        var leftovers: [String] = []
        if loop.liveSessionCount != 0 { leftovers.append("\(loop.liveSessionCount) sessions have not ended") }
        if loop.liveObjectCount != 0 { leftovers.append("\(loop.liveObjectCount) objects of sessions are alive") }
        if loop.timerCount != 0 { leftovers.append("\(loop.timerCount) timers are set") }
        return leftovers
    }

    /// What the open descriptors refer to, without the numbers of sockets and pipes, and how many there are of each.
    private static func descriptors() -> [String: Int] {
        var counts: [String: Int] = [:]
        for entry in entries(of: "/proc/self/fd") {
            var target = [CChar](repeating: 0, count: 256)
            let length = readlink("/proc/self/fd/\(entry)", &target, target.count)
            guard length > 0 else { continue }
            let text = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            counts[String(text.prefix { $0 != "[" || text.hasPrefix("anon_inode") }), default: 0] += 1
        }
        return counts
    }

    private static func entries(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
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
