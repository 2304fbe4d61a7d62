// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// Files that would cost too much are refused with a located error, and quickly.
@Suite struct PipelineFileCostTests {
    private func problems(_ bytes: [UInt8], size: Int? = nil, named name: String = "a.yaml") throws -> [String] {
        let directory = try TemporaryDirectory()
        try directory.write(bytes, to: name, size: size)
        var diagnostics = Diagnostics()
        let elapsed = ThreadTime.measure {
            if let document = PipelineReader().read(path: directory.path(name), into: &diagnostics) {
                PipelineCompiler(registry: DeskProcessors.registry).check(document, into: &diagnostics)
            }
        }
        #expect(elapsed < .seconds(1))
        let p = diagnostics.all.map { $0.description.replacing(directory.path(""), with: "") };
        return p
    }

    private func problems(_ text: String) throws -> [String] { try problems(Array(text.utf8)) }

    @Test func refusesALargeFileBeforeReadingIt() throws {
        #expect(
            try problems([], size: 100_000_000) == [
                "a.yaml:1:1: error: the file has 100000000 bytes; at most 1048576 are read"
            ])
    }

    @Test func refusesABombOfAliases() throws {
        let names = Array("abcdefghij")
        let levels = names.indices.dropFirst().map { index in
            "\(names[index]): &\(names[index]) [\(Array(repeating: "*\(names[index - 1])", count: 9).joined(separator: ","))]"
        }
        #expect(
            try problems("a: &a [x,x,x,x,x,x,x,x,x]\n" + levels.joined(separator: "\n")) == [
                "a.yaml:6:8: error: more than 100000 values, those repeated by aliases included; make the file smaller"
            ])
    }

    @Test func refusesABombOfMergeKeys() throws {
        let pairs = (0..<500).map { "k\($0): 1" }.joined(separator: ", ")
        let uses = (0..<5000).map { "u\($0): {<<: *base}" }.joined(separator: "\n")
        #expect(
            try problems("base: &base {\(pairs)}\n\(uses)\n").map { String($0.prefix(24)) } == [
                "a.yaml:100:11: error: mo"
            ])
    }

    @Test(arguments: [("[", 65), ("{a: ", 257), ("- ", 129), ("? ", 129)])
    func refusesDeepNesting(opening: String, column: Int) throws {
        #expect(
            try problems(String(repeating: opening, count: 100_000)) == [
                "a.yaml:1:\(column): error: nested deeper than 64 levels; make the structure flatter"
            ])
    }

    @Test func refusesBinaryFiles() throws {
        let noise: [UInt8] =
            [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        #expect(try problems(noise) == ["a.yaml:1:8: error: the file is binary (it holds a NUL byte), not YAML"])
        #expect(
            try problems(Array("RIFF".utf8) + [0xFF, 0xFE, 0x80]) == [
                "a.yaml:1:5: error: this is not UTF-8; save the file as UTF-8"
            ])
    }

    @Test func refusesWhatIsNoFile() {
        var diagnostics = Diagnostics()
        #expect(PipelineReader().read(path: "/dev/zero", into: &diagnostics) == nil)
        #expect(PipelineReader().read(path: "/tmp", into: &diagnostics) == nil)
        #expect(PipelineReader().read(path: "/nonexistent/a.yaml", into: &diagnostics) == nil)
        #expect(
            diagnostics.all.map(\.description) == [
                "/dev/zero:1:1: error: not a regular file",
                "/nonexistent/a.yaml:1:1: error: no such file; check the path",
                "/tmp:1:1: error: not a regular file",
            ])
    }

    @Test func endsAnIncludeLoop() throws {
        let directory = try TemporaryDirectory()
        try directory.write("include: [b.yaml]\npipeline: a\nprocessors: [{caller: }]\n", to: "a.yaml")
        try directory.write("include: [c.yaml]\n", to: "b.yaml")
        try directory.write("include: [a.yaml, b.yaml, c.yaml]\n", to: "c.yaml")
        var diagnostics = Diagnostics()
        #expect(PipelineReader().read(path: directory.path("a.yaml"), into: &diagnostics) != nil)
        #expect(diagnostics.all.map(\.mark.column) == [11, 19, 27])
        #expect(diagnostics.all.allSatisfy { $0.mark.file == directory.path("c.yaml") })
    }

    @Test func readsManyIncludesOnlyOnce() throws {
        let directory = try TemporaryDirectory()
        for level in 0..<20 {
            let next = level == 19 ? "" : "include: [l\(level + 1).yaml, ./l\(level + 1).yaml]\n"
            try directory.write(next + "limits: {sessions: \(level + 1)}\n", to: "l\(level).yaml")
        }
        var diagnostics = Diagnostics()
        let elapsed = ThreadTime.measure {
            _ = PipelineReader().read(path: directory.path("l0.yaml"), into: &diagnostics)
        }
        #expect(elapsed < .seconds(1))
    }

    @Test func staysQuickWithManyProblems() throws {
        let entries = (0..<15_000).map { "  - x\($0): {a: 1}" }.joined(separator: "\n")
        #expect(try problems("pipeline: a\nprocessors:\n\(entries)\n").count == 1000)
        let keys = (0..<40_000).map { "key\($0): 1" }.joined(separator: "\n")
        #expect(try problems(keys).count == 102)
        let duplicates = (0..<40_000).map { _ in "pipeline: 1" }.joined(separator: "\n")
        #expect(try problems(duplicates).count == 1000)
    }
}
