// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import PipelineKit
import Testing

/// Each file in `Broken` has one defect, `many_*.yaml` have many; beside each stands what is to be reported.
@Suite struct BrokenPipelineTests {
    static let directory = "\(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!))/Broken/"
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

    static let environment = [
        "PORT_NAME": "abc", "TEMPERATURE": "9", "EMPTY": "", "LIST": "[a, b]", "GREETING": "Hello.",
    ]

    @Test func areManyEnough() {
        #expect(Self.names.count >= 100)
    }

    @Test(arguments: names) func reportEveryProblemAtItsPlace(name: String) throws {
        let report = try Self.report(name)
        let expected = try String(contentsOfFile: Self.directory + name + ".expected", encoding: .utf8)
        #expect(report == expected)
        #expect(!report.isEmpty)
    }

    /// What the checks say about a file, its own directory left out of all paths.
    static func report(_ name: String) throws -> String {
        let path = directory + name + ".yaml"
        let overrides = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("# set: ") }.map { String($0.dropFirst(7)) }
        var diagnostics = Diagnostics()
        let reader = PipelineReader(environment: environment, overrides: overrides)
        if let document = reader.read(path: path, into: &diagnostics) {
            PipelineCompiler(registry: DeskProcessors.registry).check(document, into: &diagnostics)
        }
        return diagnostics.rendered().replacing(directory, with: "")
    }
}
