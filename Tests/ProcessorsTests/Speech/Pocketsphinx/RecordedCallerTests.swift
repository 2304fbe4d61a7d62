// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PipelineKit
import Testing

@testable import Processors

/// The recorded caller of the demonstration, heard through the front desk's grammar.
@Suite(.enabled(if: RecordedSpeech.isInstalled, Comment(rawValue: RecordedSpeech.reason)))
struct RecordedCallerTests {
    /// One line of the list of timings.
    struct Line: CustomTestStringConvertible {
        var start: Int
        var end: Int
        var kind: String
        var text: String

        var testDescription: String { text }
    }

    private static let repository = URL(filePath: #filePath).pathComponents.dropLast(5).joined(separator: "/")
        .dropFirst()

    private static func path(_ name: String) -> String { repository + "/" + name }

    /// What the list beside the recording says, times in milliseconds.
    static func lines() -> [Line] {
        var diagnostics = Diagnostics()
        let list = YAMLReader().read(path: path("pipelines/fixtures/front_desk_caller.yaml"), into: &diagnostics)
        return (list?.sequence ?? []).compactMap { node in
            guard let start = milliseconds(node["start"]), let end = milliseconds(node["end"]),
                let kind = node["kind"]?.scalar?.text, let text = node["text"]?.scalar?.text
            else { return nil }
            return Line(start: start, end: end, kind: kind, text: text)
        }
    }

    private static func milliseconds(_ node: YAMLNode?) -> Int? {
        node?.scalar.flatMap { $0.text.hasSuffix("ms") ? Int($0.text.dropLast(2)) : nil }
    }

    private func audio() throws -> [Int16] {
        let data = try Data(contentsOf: URL(filePath: Self.path("pipelines/fixtures/front_desk_caller.wav")))
        return Array(data.dropFirst(44)).samples
    }

    @Test func theListCoversTheRecording() throws {
        let lines = Self.lines()
        #expect(lines.count == 6)
        #expect(lines.filter { $0.kind == "barge_in" }.count == 1)
        #expect(lines.filter { $0.kind == "remark" }.count == 1)
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.end < $1.start })
        let audio = try audio()
        #expect(try #require(lines.last).end * 16 < audio.count)
        #expect(audio.count * 2 < 1_500_000)
    }

    @Test(arguments: lines())
    func isHeardAsSpokenAndOtherwiseRejected(line: Line) throws {
        let grammar = try String(contentsOfFile: Self.path("scripts/rejection/front_desk.jsgf"), encoding: .utf8)
        let decoder = try PocketsphinxDecoder(.init(.grammar(grammar)))
        // As a turn gives it: some audio before the onset, and the hangover.
        let heard = try decoder.recognize(Array(audio()[(line.start - 300) * 16..<(line.end + 400) * 16]))
        #expect(heard.isRejected == (line.kind == "remark"))
        #expect(heard.text == (line.kind == "remark" ? "" : line.text))
    }
}
