// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import PipelineKit
import PipelineTesting
import ProviderDoubles
import Testing

@testable import Providers

/// Piper as a program, with a shell script that has its command line in its place.
@Suite struct PiperProgramTests {
    /// Answers each line with twice as many samples as it has characters, all of its first character and `!`; writes who
    /// was started, with what, and what they read.
    private static let script = """
        #!/bin/sh
        echo "$*" >> "$0.arguments"
        while IFS= read -r line; do
            echo "$$ $line" >> "$0.lines"
            [ "$line" = "Hang." ] && exec sleep 1000
            [ "$line" = "Die." ] && { echo "no such voice" >&2; exit 3; }
            first=${line%"${line#?}"}
            yes "$first!" | tr -d '\\n' | head -c $((4 * ${#line}))
        done
        """

    private let directory: TemporaryDirectory
    private let program: String

    init() throws {
        directory = try TemporaryDirectory()
        program = try directory.write(Self.script, to: "piper")
        try #require(chmod(program, 0o700) == 0)
    }

    private var parameters: PiperTTS.Parameters {
        var parameters = PiperTTS.Parameters()
        (parameters.mode, parameters.program, parameters.voice) = (.process, program, "/voices/amy.onnx")
        parameters.quiet = .milliseconds(100)
        parameters.provider.timeouts.firstByte = .seconds(2)
        return parameters
    }

    private func bytes(of line: String) -> [UInt8] {
        (0..<2 * line.count).flatMap { _ in [line.utf8.first ?? 0, UInt8(ascii: "!")] }
    }

    private func rig() throws -> SpeechRig { try SpeechRig(PiperTTS.self, parameters, OpenAISpeechDouble()) }

    private var lines: [Substring] { directory.read("piper.lines")?.split(separator: "\n") ?? [] }

    @Test func oneProcessSpeaksSentenceAfterSentence() throws {
        let rig = try rig()
        let sentences = ["Hello there.", "Now this.", "Goodbye."]
        for sentence in sentences {
            let speech = rig.speak(sentence)
            #expect(speech.bytes == bytes(of: sentence))
            #expect(speech.texts == [sentence])
        }
        #expect(Set(lines.map { $0.prefix { $0 != " " } }).count == 1)
        #expect(rig.errors.isEmpty)
        #expect(rig.leftovers().isEmpty)
        #expect(directory.read("piper.arguments")?.hasPrefix("--model /voices/amy.onnx --output-raw\n") == true)
    }

    @Test func lineBreaksDoNotMakeTwoSentences() throws {
        let rig = try rig()
        #expect(rig.speak("One\nline.").bytes == bytes(of: "One line."))
        #expect(lines.count == 1)
        #expect(rig.leftovers().isEmpty)
    }

    @Test func aProcessWhoseSentenceWasBrokenOffIsKilled() throws {
        let harness = ExchangeHarness()
        let parameters = parameters
        let heard = try harness.run { output in
            let piper = PiperProgram(parameters)
            let answer = try await piper.speak("Old words.", output)
            _ = try await answer.next(output)
            answer.giveUp()
            let next = try await piper.speak("New.", output)
            var bytes: [UInt8] = []
            while case .audio(let buffer)? = try await next.next(output) { bytes += Array(buffer.readableBytesView) }
            await piper.close()
            return bytes
        }
        #expect(heard == bytes(of: "New."))
        #expect(Set(lines.map { $0.prefix { $0 != " " } }).count == 2)
    }

    @Test func aProcessThatHangsIsKilledAndReplaced() throws {
        var parameters = parameters
        parameters.provider.timeouts.firstByte = .milliseconds(60)
        let rig = try SpeechRig(PiperTTS.self, parameters, OpenAISpeechDouble())
        #expect(rig.speak("Hang.").bytes.isEmpty)
        #expect(rig.errors.first?.message.contains("first_byte_timeout") == true)
        #expect(rig.leftovers().isEmpty)
    }

    @Test func saysWhatAProgramThatEndsHasWritten() throws {
        let rig = try rig()
        #expect(rig.speak("Die.").bytes.isEmpty)
        #expect(rig.errors.first?.message == "piper_tts: the program ended: no such voice")
        #expect(rig.speak("Alive.").bytes == bytes(of: "Alive."))
        #expect(rig.leftovers().isEmpty)
    }

    @Test func namesTheRemedyWhenTheProgramIsMissing() throws {
        var parameters = parameters
        parameters.program = "/nowhere/piper"
        let rig = try SpeechRig(PiperTTS.self, parameters, OpenAISpeechDouble())
        let message = try #require(rig.errors.first?.message)
        #expect(message.contains("'/nowhere/piper' is not installed"), "\(message)")
        #expect(rig.leftovers().isEmpty)
    }
}
