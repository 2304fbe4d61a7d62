// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import PipelineKit
import PipelineTesting
import Testing

/// Damaged pipeline files are answered with diagnostics, whatever was damaged.
@Suite struct MutationTests {
    private static let words = [
        "${", "${A}", "}", "{", "[", "]", ": ", "- ", "\n", "\t", "&a ", "*a", "<<: *a", "\"", "'", "|\n", ">\n", "#",
        "---\n", "...\n", "%YAML 1.1\n", "!!int ", "!x ", "? ", "@", "\u{0}", "\u{7}", "\u{FEFF}", "\u{2028}", "ü", "😀",
        "after: ", "id: ", "include: [a.yaml]\n", "99999999999999999999", "-0", "1e999", ".nan", "1h", "~", "null",
        "on_error: failover\n", "queue: {capacity: ", "processors:\n", "  ",
    ].map { Array($0.utf8) }

    private static let texts = BrokenPipelineTests.names.compactMap { name in
        try? Array(String(contentsOfFile: BrokenPipelineTests.directory + name + ".yaml", encoding: .utf8).utf8)
    }

    @Test(arguments: 1...8) func neverTrapAndAlwaysEnd(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            let original = try #require(Self.texts.randomElement(using: &random))
            check(Self.damaged(original, &random))
        }
    }

    private func check(_ bytes: [UInt8]) {
        var diagnostics = Diagnostics()
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n").prefix(2).map(String.init)
        _ = YAMLReader().read(bytes, file: "bytes.yaml", into: &diagnostics)
        let reader = PipelineReader(environment: ["A": text], overrides: lines)
        let elapsed = ThreadTime.measure {
            if let document = reader.read(text, file: "text.yaml", into: &diagnostics) {
                PipelineCompiler(registry: DeskProcessors.registry).check(document, into: &diagnostics)
            }
        }
        #expect(elapsed < .seconds(1))
        let isPlaced = diagnostics.all.allSatisfy { $0.mark.line >= 1 && $0.mark.column >= 1 && !$0.message.isEmpty }
        #expect(isPlaced, "\(text)")
        let hasLine = diagnostics.rendered().split(separator: "\n").count >= diagnostics.all.count
        #expect(hasLine, "\(text)")
    }

    private static func damaged(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0...Int.random(in: 0..<6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            default: bytes.insert(contentsOf: words.randomElement(using: &random) ?? [], at: place)
            }
        }
        return bytes
    }
}
