// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// On a real loop, with a program that speaks for a minute: interruption and cancellation must kill it.
@Suite struct EspeakInterruptionTests {
    @Test(.timeLimit(.minutes(10)), arguments: [false, true])
    func killsTheProgramInMidSentence(byCancelling: Bool) async throws {
        let directory = "/tmp/espeak-interruption-\(getpid())-\(byCancelling)"
        #expect(mkdir(directory, 0o700) == 0)
        let (fifo, script) = ("\(directory)/life", "\(directory)/program")
        defer { for path in [fifo, script] { unlink(path) }; rmdir(directory) }
        #expect(mkfifo(fifo, 0o600) == 0)
        try write("#!/bin/sh\nexec 3>\(fifo)\necho at work >&3\nsleep 60\n", toProgram: script)

        let group = LoopGroup(count: 1)
        let parameters = changed(EspeakTTS.Parameters()) {
            $0.program = script
            $0.timeLimit = .seconds(60)
        }
        var builder = PipelineBuilder(limits: .unhurried)
        builder.add(Caller(NoParameters()))
        builder.add(EspeakTTS(parameters))
        let call = Call(id: "test", transport: "test")
        let session = try await Session.start(builder.build(), call: call, on: group.loops[0])
        await session.push(Frame(Sentence("Hello.")))

        // Opening waits for the program; the pipe ends when it, and what it started, are dead.
        let life = try #require(fopen(fifo, "r"))
        #expect(readLine(life) == "at work\n")
        if byCancelling { await session.end(.cancelled) } else { await session.interrupt("test") }
        #expect(readLine(life) == nil)
        fclose(life)

        await session.end(.cancelled)
        #expect(await session.ended().abandoned == [])
        try await group.shutDown()
    }

    private func readLine(_ file: UnsafeMutablePointer<FILE>) -> String? {
        var line = [CChar](repeating: 0, count: 64)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        return String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func write(_ text: String, toProgram path: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
        #expect(chmod(path, 0o700) == 0)
    }
}
