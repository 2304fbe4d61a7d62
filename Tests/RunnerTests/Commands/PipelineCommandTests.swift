// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Processors
import Testing

@testable import Runner

@Suite struct PipelineCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func lintSaysThatAFileIsRight() async throws {
        let result = await CommandResult.of("lint", try directory.write(vadOnly, to: "right.yaml"))
        #expect(result.status == .good)
        #expect(result.printed.result == "")
        #expect(result.printed.report == "1 file, no problems\n")
    }

    @Test func lintReportsEverythingAtOnceWithItsPlace() async throws {
        let file = try directory.write(
            """
            pipeline: broken
            processors:
              - caller:
              - energy_vad: { hangovr: 100ms, onset: 7 }
              - turm: {}
            tests:
              - name: nothing happens
                steps: [{wait: 1s}]
                expect: []
            """, to: "broken.yaml")
        let result = await CommandResult.of("lint", file)
        #expect(result.status == .problems)
        let places = result.printed.lines.filter { $0.hasPrefix(file) }.map { $0.dropFirst(file.count) }
        #expect(
            places.contains {
                $0.hasPrefix(":4:19: error: energy_vad.hangovr: unknown parameter; did you mean 'hangover'?")
            })
        #expect(places.contains { $0.hasPrefix(":4:42: error: energy_vad.onset: ") })
        #expect(
            places.contains { $0.hasPrefix(":5:5: error: turm: no processor is called 'turm'; did you mean 'turn'?") })
        #expect(places.contains { $0.hasPrefix(":9:13: error: tests[0].expect: ") })
        #expect(places.count == 4)
    }

    @Test func missingVariablesAreWarningsToLintAndErrorsToRun() async throws {
        let text = vadOnly.replacing("onset: 100ms", with: "onset: \"${NO_SUCH_ONSET}\"")
        let file = try directory.write(text, to: "variables.yaml")
        #expect(await CommandResult.of("lint", file).status == .good)
        #expect(await CommandResult.of("lint", file, "--strict").status == .problems)
        #expect(
            await CommandResult.of("lint", file, environment: ["NO_SUCH_ONSET": "90ms"]).printed.report
                == "1 file, no problems\n")
        let recording = try directory.write(.silence(.milliseconds(100)), to: "caller.wav")
        #expect(await CommandResult.of("run", file, "--input", recording, "--virtual").status == .problems)
    }

    @Test func graphShowsQueuesAndInsertedConverters() async throws {
        let file = try directory.write(telephone, to: "telephone.yaml")
        let text = await CommandResult.of("graph", file)
        #expect(text.status == .good)
        #expect(text.printed.result.contains("10 frames, drop_oldest"))
        #expect(text.printed.result.contains("audio_converter:gain>speaker"))
        let dot = await CommandResult.of("graph", file, "--format", "dot").printed.result
        #expect(dot.hasPrefix("digraph \"telephone\" {"))
        #expect(dot.contains("n0 -> n1;"))
        let svg = await CommandResult.of("graph", file, "--format", "svg").printed.result
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains(">gain</text>"))
    }

    @Test func graphShowsTheCallsOfATransport() async throws {
        let file = try directory.write(telephone, to: "telephone.yaml")
        let named = await CommandResult.of("graph", file, "--transport", "file")
        #expect(named.status == .good)
        let missing = await CommandResult.of("graph", file, "--transport", "fil")
        #expect(missing.status == .problems)
        #expect(missing.printed.report.contains("names no transport called 'fil'; did you mean 'file'?"))
    }

    @Test func describeExplainsAProcessorFromItsSchema() async {
        let result = await CommandResult.of("describe", "energy_vad")
        #expect(result.status == .good)
        #expect(result.printed.result.contains("hangover  duration, 0s...5s, default 400ms"))
        #expect(result.printed.result.contains("    - energy_vad:\n        margin_db: 6"))
        let unknown = await CommandResult.of("describe", "energy_vat")
        #expect(unknown.status == .problems)
        #expect(unknown.printed.report == "runner: nothing is called 'energy_vat'; did you mean 'energy_vad'?\n")
    }

    @Test func theReferenceHasEverySectionWithWhatIsInside() async {
        let reference = await CommandResult.of("describe", "--all", "--markdown").printed.result
        for heading in ["## limits", "## server", "## records", "## energy_vad", "## twilio"] {
            #expect(reference.split(separator: "\n").count { $0 == heading } == 1, "\(heading)")
        }
        for row in [
            "| `tls` | mapping, default none | Certificate and key; without them the server speaks unencrypted. |",
            "| `tls.certificate` | file, required | PEM file: the certificate, then those that vouch for it. |",
            "| `keep` | duration, ", "`long_numbers`: numbers of four digits or more",
        ] { #expect(reference.contains(row), "\(row)") }
        #expect(reference.contains("```yaml\nserver:\n    host: 127.0.0.1\n"))
        let one = await CommandResult.of("describe", "server")
        #expect(one.printed.result.hasPrefix("server  section\n    Who may reach the process"))
    }

    @Test func listAndSchemaNameEveryProcessor() async {
        let list = await CommandResult.of("list").printed.result
        let schema = await CommandResult.of("schema").printed.result
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        for processor in registry.processors {
            #expect(list.contains("\n\(processor.name) "))
            #expect(schema.contains("\"#/definitions/processors/\(processor.name)\""))
        }
    }

    @Test func aNewPipelineIsRight() async throws {
        #expect(await CommandResult.of("new", "pipeline", "salon", "--directory", directory.root).status == .good)
        #expect(directory.names() == ["salon.rules.yaml", "salon.yaml"])
        let lint = await CommandResult.of("lint", directory.path("salon.yaml"))
        #expect(lint.printed.result == "")
        #expect(lint.status == .good)
        let again = await CommandResult.of("new", "pipeline", "salon", "--directory", directory.root)
        #expect(again.status == .problems)
    }

    @Test func aNewPluginHasProcessorTestAndRunner() async throws {
        #expect(await CommandResult.of("new", "plugin", "word_count", "--directory", directory.root).status == .good)
        #expect(directory.names(in: "word_count") == [".gitignore", "Package.swift", "Sources", "Tests"])
        #expect(
            directory.read("word_count/Sources/word_count-runner/main.swift")
                == "import Runner\nimport WordCount\n\nawait runnerMain { $0.add(WordCount.self) }\n")
        #expect(await CommandResult.of("new", "plugin", "Word Count").status == .usage)
    }
}

/// A caller is heard; nobody answers.
let vadOnly = """
    pipeline: ears
    transports:
      - file: {}
    processors:
      - caller:
      - energy_vad: { onset: 100ms }
      - turn: {}

    """

private let telephone = """
    pipeline: telephone
    transports:
      - file: { output_rate_hz: 8000 }
    processors:
      - caller:
      - gain: {}
        queue: { capacity: 10, when_full: drop_oldest }
      - speaker:

    """
