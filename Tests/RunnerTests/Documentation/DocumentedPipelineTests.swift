// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import FoundationEssentials
import PipelineKit
import Processors
import Providers
import Testing
import Transports

@testable import Runner

/// What the documentation shows of pipeline files is right.
@Suite struct DocumentedPipelineTests {
    /// A block of YAML, and where it begins.
    struct Block: CustomTestStringConvertible, Sendable {
        var file: String
        var line: Int
        var text: String
        var testDescription: String { "\(file):\(line)" }
    }

    private static let root = #filePath.replacing(
        "Tests/RunnerTests/Documentation/DocumentedPipelineTests.swift", with: "")

    static let blocks: [Block] = {
        let pages = (try? FileManager.default.contentsOfDirectory(atPath: root + "docs")) ?? []
        let files =
            ["README.md", "CONTRIBUTING.md"] + pages.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted()
        return files.flatMap { file in
            blocks((try? String(contentsOfFile: root + file, encoding: .utf8)) ?? "", file)
        }
    }()

    private static func blocks(_ text: String, _ file: String) -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```yaml") {
                open = Block(file: file, line: index + 2, text: "")
            } else if line.hasPrefix("```"), let block = open {
                blocks.append(block)
                open = nil
            } else {
                open?.text += line + "\n"
            }
        }
        return blocks
    }

    /// What the documentation tells to set.
    private static let environment = [
        "TWILIO_ACCOUNT_SID": "AC" + String(repeating: "0", count: 32),
        "TWILIO_AUTH_TOKEN": String(repeating: "0", count: 32), "TWILIO_PHONE_NUMBER": "+15550100",
        "PUBLIC_BASE_URL": "https://agent.example.com", "API_KEY": "a key of at least sixteen characters",
    ]

    @Test func thereAreSome() {
        #expect(Self.blocks.count > 30)
    }

    @Test(arguments: blocks) func isRight(block: Block) throws {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addProviders()
        registry.addBuiltinTransports()
        // Files that are named lie in 'pipelines', where such a block would be put.
        let file = Self.root + "pipelines/block.yaml"
        var diagnostics = Diagnostics()
        if block.text.hasPrefix("- ") {
            Self.check(entries: block.text, file, registry, &diagnostics)
        } else if block.text.split(separator: "\n").contains(where: { $0.hasPrefix("steps:") }) {
            let node = YAMLReader().read(block.text, file: file, into: &diagnostics)
            _ = CallerScript.decode(node, path: "", at: SourceMark(file: file), into: &diagnostics)
        } else {
            let text = Self.completed(block.text)
            let reader = PipelineReader(environment: Self.environment)
            let document = try #require(reader.read(text, file: file, into: &diagnostics))
            _ = Pipeline.load(document, registry: registry, into: &diagnostics)
            _ = PipelineTest.all(of: document, into: &diagnostics)
        }
        #expect(!diagnostics.hasErrors, "\(block): \(diagnostics.rendered())")
    }

    /// A whole pipeline of a block that shows a part of one.
    private static func completed(_ text: String) -> String {
        let lines = text.split(separator: "\n")
        let has = { (key: String) in lines.contains { $0.hasPrefix(key + ":") } }
        return (has("pipeline") ? "" : "pipeline: block\n") + text
            + (has("processors") ? "" : "processors:\n  - caller:\n  - speaker:\n")
    }

    /// Checks the parameters of processors or transports that stand in a list.
    private static func check(
        entries text: String, _ file: String, _ registry: ProcessorRegistry, _ diagnostics: inout Diagnostics
    ) {
        // Templates show no secrets; this one cannot be left out.
        let text = text.replacing("- twilio:\n", with: "- twilio:\n    auth_token: a secret\n")
        let list = YAMLReader().read(text, file: file, into: &diagnostics)
        for entry in list?.sequence ?? [] {
            guard let pair = entry.mapping?.first(where: { !["id", "after", "queue", "on_error"].contains($0.key) })
            else {
                continue
            }
            let schema = registry.processor(pair.key)?.schema ?? registry.transport(pair.key)?.schema
            guard let schema else {
                diagnostics.error("nothing is called '\(pair.key)'", at: pair.keyMark)
                continue
            }
            _ = schema.decode(pair.value, path: pair.key, at: pair.keyMark, into: &diagnostics)
        }
    }
}
