// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Runner

@Suite struct RunCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func caller() throws -> String {
        let speech = Audio.noise(dbfs: -20, .milliseconds(700)).withSamples(Array.init)
        let pause = [Int16](repeating: 0, count: 16000)
        return try directory.write(Audio(format: .wideband, samples: pause + speech + pause), to: "caller.wav")
    }

    @Test func printsOneObjectALineForMachines() async throws {
        let file = try directory.write(vadOnly, to: "ears.yaml")
        let result = await CommandResult.of("run", file, "--input", try caller(), "--virtual", "--json")
        #expect(result.status == .good)
        let lines = result.printed.lines
        #expect(lines.allSatisfy { $0.hasPrefix("{\"kind\":\"") && $0.hasSuffix("}") })
        #expect(lines.first?.contains("\"kind\":\"session\"") == true)
        #expect(lines.first?.contains("\"transport\":\"file\",\"pipeline\":\"ears\"") == true)
        #expect(lines.last?.contains("\"kind\":\"end\"") == true)
        #expect(lines.last?.contains("\"reason\":\"input_ended\"") == true)
        #expect(lines.last?.contains("\"id\":\"energy_vad\",\"frames_in\":") == true)
    }

    @Test func aVirtualCallGoesTheSameWayEveryTime() async throws {
        let file = try directory.write(vadOnly, to: "ears.yaml")
        let input = try caller()
        let first = await CommandResult.of("run", file, "--input", input, "--virtual")
        let second = await CommandResult.of("run", file, "--input", input, "--virtual")
        // The first line names the call, which is new each time.
        #expect(first.printed.lines.count >= 2)
        #expect(first.printed.lines.dropFirst() == second.printed.lines.dropFirst())
    }

    @Test func writesTranscriptAndTurnsNextToTheRecording() async throws {
        let recorded = vadOnly + "  - recorder: { path: \"calls/${session.id}.wav\" }\n    after: caller\n"
        let file = try directory.write(recorded, to: "ears.yaml")
        let result = await CommandResult.of("run", file, "--input", try caller(), "--virtual")
        #expect(result.status == .good)
        let names = directory.names(in: "calls")
        #expect(
            names.map { $0.split(separator: ".").dropFirst().joined(separator: ".") }
                == ["transcript.txt", "turns.txt", "wav"])
        for name in names { #expect(result.printed.result.contains("\(directory.root)/calls/\(name)")) }
    }

    @Test func saysWhatIsWrongWithTheCommandLine() async throws {
        #expect(await CommandResult.of("run").status == .usage)
        #expect(await CommandResult.of("walk").status == .usage)
        let virtual = await CommandResult.of("run", "agent.yaml", "--virtual")
        #expect(virtual.status == .usage)
        #expect(virtual.printed.report.contains("--virtual needs --input"))
        #expect(await CommandResult.of("run", "--help").status == .good)
        #expect(await CommandResult.of("--version").printed.result == "0.1.0\n")
    }

    @Test func saysWhatIsWrongWithTheInput() async throws {
        let file = try directory.write(vadOnly, to: "ears.yaml")
        let silent = await CommandResult.of("run", file)
        #expect(silent.status == .problems)
        #expect(silent.printed.report.contains("give one with --input"))
        let missing = await CommandResult.of("run", file, "--input", directory.path("none.wav"), "--virtual")
        #expect(missing.status == .problems)
        #expect(missing.printed.report == "runner: \(directory.path("none.wav")): no such file; check the path\n")
        #expect(await CommandResult.of("run", directory.path("none.yaml")).status == .problems)
    }
}

@Suite struct TestCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func runsTheTestsOfAFile() async throws {
        let text =
            vadOnly + """
                tests:
                  - name: speech is noticed
                    steps:
                      - {wait: 1s}
                      - {say: hello there}
                    expect:
                      - {event: caller_speaking, within: 500ms}
                      - {event: caller_speaking, count: 1}
                      - {event: interruption, count: 0}
                      - {frame: voice_activity, on: energy_vad, count: 2}
                      - {frame: voice_activity, on: energy_vad, absent_after: 5s}
                """
        let result = await CommandResult.of("test", try directory.write(text, to: "ears.yaml"))
        #expect(result.printed.result.hasPrefix("ok     speech is noticed ("))
        #expect(result.printed.report == "1 passed, 0 failed\n")
        #expect(result.status == .good)
    }

    @Test func namesThePlaceOfWhatWasNotMet() async throws {
        let text =
            vadOnly + """
                tests:
                  - name: silence is golden
                    steps: [{wait: 2s}]
                    expect:
                      - {event: ended, count: 0}
                      - {event: caller_speaking, within: 300ms}
                """
        let file = try directory.write(text, to: "ears.yaml")
        let result = await CommandResult.of("test", file)
        #expect(result.status == .problems)
        #expect(
            result.printed.lines == [
                "FAILED silence is golden (4.0 s)",
                "\(file):13:9: error: silence is golden: expected 'caller_speaking' between 0.000s and 0.300s; it never came",
            ])
        #expect(result.printed.report == "0 passed, 1 failed\n")
    }

    @Test func needsNoKeys() async throws {
        let text =
            vadOnly + """
                tests:
                  - name: ${KEY_THAT_IS_NOT_SET}
                    doubles: {says: [Good morning.], latency: 300ms, faults: [{status: 503}, {hang: answer}]}
                    steps: [{wait: 1s}]
                    expect: [{event: error, count: 0}]
                """
        let result = await CommandResult.of("test", try directory.write(text, to: "ears.yaml"))
        #expect(result.printed.result.hasPrefix("ok     none ("))
        #expect(result.status == .good)
    }

    @Test func endsWhenBothSidesAreQuietAlsoWithARecogniser() async throws {
        let text = """
            pipeline: ears
            transports: [file: {}]
            processors:
              - caller:
              - energy_vad:
              - deepgram_stt: {api_key: "${KEY_THAT_IS_NOT_SET}"}
            tests:
              - name: nobody speaks
                steps: [{wait: 1s}]
                expect: [{event: error, count: 0}]
            """
        let result = await CommandResult.of("test", try directory.write(text, to: "ears.yaml"))
        #expect(result.printed.result.hasPrefix("ok     nobody speaks (3.0 s)"), "\(result.printed.result)")
    }

    @Test func namesAFaultThatCannotBe() async throws {
        let text =
            vadOnly + """
                tests:
                  - name: two at once
                    doubles: {faults: [{status: 503, late: 1s}]}
                    steps: [{wait: 1s}]
                    expect: [{event: error, count: 0}]
                """
        let result = await CommandResult.of("test", try directory.write(text, to: "ears.yaml"))
        #expect(result.status == .problems)
        #expect(result.printed.report.contains("an exchange has one fault; this one has 2"))
    }

    @Test func namesAStepThatCannotBePlayed() async throws {
        let text =
            vadOnly + """
                tests:
                  - name: a lost recording
                    steps: [{wait: 1s}, {play: none.wav}]
                    expect: [{event: ended, count: 0}]
                """
        let result = await CommandResult.of("test", try directory.write(text, to: "ears.yaml"))
        #expect(result.status == .problems)
        #expect(result.printed.result.contains("step 2: \(directory.path("none.wav")): no such file"))
    }
}
