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

    @Test func answersWithItsExitCode() throws {
        #expect(try Launch(["--version"]).status() == 0)
        #expect(try Launch(["lint", directory.path("none.yaml")]).status() == 1)
        #expect(try Launch(["walk"]).status() == 2)
    }

    @Test func drainsAtTheFirstSignal() throws {
        let file = try directory.write(vadOnly, to: "ears.yaml")
        let input = try directory.write(.silence(.seconds(60)), to: "caller.wav")
        let launch = try Launch(["run", file, "--input", input, "--json"], output: directory.path("out"))
        try launch.wait(forText: "\"kind\":\"session\"")
        kill(launch.process, SIGINT)
        #expect(try launch.status() == 0)
        #expect(directory.read("out")?.contains("\"reason\":\"shutdown\"") == true)
    }
}

/// A process of the built `runner`.
private struct Launch {
    struct Failure: Error {}

    let process: pid_t
    private let output: String

    /// Starts it; both its outputs go to a file.
    init(_ arguments: [String], output: String = "/dev/null") throws {
        self.output = output
        let tests = CommandLine.arguments[0]
        let binary = "\(tests[..<(tests.lastIndex(of: "/") ?? tests.startIndex)])/runner"
        var words: [UnsafeMutablePointer<CChar>?] = ([binary] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(1)...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        }
        var process = pid_t()
        guard posix_spawn(&process, binary, &actions, nil, words, environ) == 0 else { throw Failure() }
        self.process = process
    }

    /// Waits for the end, at most half a minute; then the process is killed.
    func status() throws -> Int32 {
        var status = Int32(0)
        for _ in 0..<3000 {
            if waitpid(process, &status, WNOHANG) == process { return (status >> 8) & 0xFF }
            usleep(10_000)
        }
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        throw Failure()
    }

    /// Waits until the output holds a text.
    func wait(forText text: String) throws {
        for _ in 0..<3000 {
            if let file = fopen(output, "r") {
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = fread(&bytes, 1, bytes.count, file)
                fclose(file)
                if String(decoding: bytes[..<count], as: UTF8.self).contains(text) { return }
            }
            usleep(10_000)
        }
        kill(process, SIGKILL)
        throw Failure()
    }
}
