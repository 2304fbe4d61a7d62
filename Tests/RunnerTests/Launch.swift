// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// A process of the built `runner`.
///
/// Waiting holds no thread up: a queue of its own reads what the process prints and waits for its end. A process that is
/// still there after a minute is killed, and whoever waits fails.
final class Launch: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    fileprivate struct State {
        var output = ""
        var status: Int32?
        var waiting: [(text: String?, continuation: CheckedContinuation<Void, Never>)] = []
    }

    let process: pid_t
    private let state = Mutex(State())

    /// Starts it.
    init(_ arguments: [String]) throws {
        var ends: [Int32] = [0, 0]
        // Closed in every other child from the start, so that the end of this one is the end of its output.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure(description: "no sockets") }
        process = try Self.spawn(arguments, output: ends[1])
        close(ends[1])
        let reader = ends[0]
        DispatchQueue(label: "launch").async { [self] in follow(reader) }
        DispatchQueue(label: "launch-deadline").asyncAfter(deadline: .now() + .seconds(60)) { [weak self] in
            self?.signal(SIGKILL)
        }
    }

    private static func spawn(_ arguments: [String], output: Int32) throws -> pid_t {
        let tests = CommandLine.arguments[0]
        let binary = "\(tests[..<(tests.lastIndex(of: "/") ?? tests.startIndex)])/runner"
        var words: [UnsafeMutablePointer<CChar>?] = ([binary] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(1)...2 { posix_spawn_file_actions_adddup2(&actions, output, descriptor) }
        var process = pid_t()
        guard posix_spawn(&process, binary, &actions, nil, words, environ) == 0 else {
            throw Failure(description: "\(binary) cannot be started")
        }
        return process
    }

    private func follow(_ reader: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while case let count = read(reader, &bytes, bytes.count), count > 0 {
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            let ready = state.withLock { state in
                state.output += text
                let output = state.output
                return state.takeWaiting { output.contains($0) }
            }
            for continuation in ready { continuation.resume() }
        }
        close(reader)
        var status = Int32(0)
        waitpid(process, &status, 0)
        let waiting = state.withLock { state in
            state.status = status
            return state.takeWaiting { _ in true }
        }
        for continuation in waiting { continuation.resume() }
    }

    /// What it printed so far, on both outputs.
    var output: String { state.withLock { $0.output } }

    /// Sends a signal, unless the process is gone.
    func signal(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { kill(process, number) }
        }
    }

    /// Waits for the end.
    ///
    /// - Returns: The exit code, or minus the number of the signal that ended the process.
    func status() async -> Int32 {
        await wait(nil)
        let status = state.withLock { $0.status ?? 0 }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }

    /// Waits until it has printed a text.
    ///
    /// - Throws: ``Failure`` when it ends without it.
    func wait(forText text: String) async throws {
        await wait(text)
        guard output.contains(text) else { throw Failure(description: "never printed '\(text)', but: \(output)") }
    }

    private func wait(_ text: String?) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.status != nil || text.map(state.output.contains) == true { return true }
                state.waiting.append((text, continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}

extension Launch.State {
    /// Takes out those who wait for a text of which `isThere` is true; whoever waits for the end has none.
    fileprivate mutating func takeWaiting(_ isThere: (String) -> Bool) -> [CheckedContinuation<Void, Never>] {
        let isReady = waiting.map { $0.text.map(isThere) ?? (status != nil) }
        let ready = zip(waiting, isReady).filter(\.1).map(\.0.continuation)
        waiting = zip(waiting, isReady).filter { !$0.1 }.map(\.0)
        return ready
    }
}
