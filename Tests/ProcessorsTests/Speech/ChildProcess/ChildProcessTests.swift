// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Processors

@Suite struct ChildProcessTests {
    private func shell(_ script: String, limit: Duration = .seconds(10)) -> ChildProcess {
        ChildProcess(program: "sh", arguments: ["-c", script], timeLimit: limit)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func writesAndReadsAtTheSameTime() throws {
        // More than any pipe holds, so that a run that only wrote, or only read, would never end.
        let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try ChildProcess(program: "cat").run(input: input) == input)
    }

    @Test func reportsStatusAndFirstErrorLine() {
        #expect(throws: ChildProcessError.failed(program: "sh", status: 3, message: "no such voice")) {
            try shell("echo no such voice >&2; echo more >&2; exit 3").run()
        }
        #expect(throws: ChildProcessError.failed(program: "sh", status: 128 + SIGABRT, message: "")) {
            try shell("kill -ABRT $$").run()
        }
    }

    @Test func saysWhichProgramIsMissing() {
        #expect(throws: ChildProcessError.notFound(program: "no-such-program")) {
            try ChildProcess(program: "no-such-program").run()
        }
        #expect(throws: ChildProcessError.notFound(program: "/etc/passwd")) {
            try ChildProcess(program: "/etc/passwd").run()
        }
    }

    @Test func killsAProgramThatTakesTooLong() {
        let limit = Duration.milliseconds(50)
        #expect(throws: ChildProcessError.timedOut(program: "sh", limit: limit)) {
            try shell("exec sleep 60", limit: limit).run()
        }
        #expect(throws: ChildProcessError.timedOut(program: "sh", limit: limit)) {
            try shell("exec sleep 60 >/dev/null 2>&1", limit: limit).run()
        }
    }

    @Test func killsAProgramThatWritesTooMuch() {
        var yes = ChildProcess(program: "yes")
        yes.outputLimitBytes = 100_000
        #expect(throws: ChildProcessError.tooMuchOutput(program: "yes", limitBytes: 100_000)) { try yes.run() }
    }

    @Test func doesNotStartWhatWasCancelledBefore() {
        let handle = ChildProcessHandle()
        handle.cancel()
        #expect(throws: ChildProcessError.cancelled) { try shell("exec sleep 60").run(handle: handle) }
    }

    @Test func killsWhatIsCancelledInItsWork() async throws {
        let path = "/tmp/child-process-test-\(getpid())"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let handle = ChildProcessHandle()
        let command = shell("echo $$ > \(path); exec sleep 60")
        async let result = Result { try command.run(handle: handle) }
        // Opening waits until the program has opened the other end: it is at work.
        let file = try #require(fopen(path, "r"))
        var line = [CChar](repeating: 0, count: 32)
        fgets(&line, 32, file)
        fclose(file)
        handle.cancel()
        let outcome = await result
        #expect(throws: ChildProcessError.cancelled) { try outcome.get() }
        let process = try #require(Int32(text(line.prefix { $0 >= 48 }.map { UInt8($0) })))
        #expect(kill(process, 0) == -1 && errno == ESRCH, "the program was killed and reaped")
    }

    @Test func leavesNoProcessAndNoDescriptor() throws {
        let before = try descriptorCount()
        for _ in 0..<200 { _ = try ChildProcess(program: "true").run() }
        // Other tests run at the same time: far less than one descriptor a run is none.
        #expect(try descriptorCount() - before < 100)
        let process = try #require(Int32(text(try shell("echo $$").run()).dropLast()))
        #expect(kill(process, 0) == -1 && errno == ESRCH)
    }

    @Test func killsWhatTheProgramLeavesBehind() throws {
        let path = "/tmp/child-process-test-orphan-\(getpid())"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let life = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(life) }
        #expect(text(try shell("exec 3>\(path); sleep 60 >/dev/null 2>&1 & echo left").run()) == "left\n")
        // The pipe hangs up when the last that could write to it is dead, however busy the machine is.
        var wish = pollfd(fd: life, events: Int16(POLLIN), revents: 0)
        #expect(poll(&wish, 1, 30_000) == 1)
        #expect(wish.revents == Int16(POLLHUP))
    }

    @Test func givesTheProgramNeitherEnvironmentNorDescriptors() throws {
        setenv("CHILD_PROCESS_TEST_SECRET", "1", 1)
        defer { unsetenv("CHILD_PROCESS_TEST_SECRET") }
        let names = text(try ChildProcess(program: "env").run()).split(separator: "\n").compactMap {
            $0.split(separator: "=").first
        }
        #expect(names.sorted() == ["LC_ALL", "PATH"])
        // The fourth is the directory that ls reads.
        #expect(text(try ChildProcess(program: "ls", arguments: ["/proc/self/fd"]).run()) == "0\n1\n2\n3\n")
    }

    @Test func survivesAProgramThatDoesNotReadItsInput() throws {
        let input = [UInt8](repeating: 65, count: 2_000_000)
        #expect(text(try shell("exec <&-; echo done").run(input: input)) == "done\n")
    }

    private func descriptorCount() throws -> Int {
        let directory = try #require(opendir("/proc/self/fd"))
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }
}
