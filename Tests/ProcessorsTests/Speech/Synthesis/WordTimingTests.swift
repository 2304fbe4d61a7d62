// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

@Suite struct WordTimingTests {
    @Test func spreadsWordsOverTheAudiblePart() {
        let samples = [Int16](repeating: 0, count: 1000) + [Int16](repeating: 500, count: 8000) + [0, 0, 0, 0]
        let words = WordTiming.estimate("abc d\nef", samples: samples, rateHz: 1000)
        #expect(words.map(\.text) == ["abc", "d", "ef"])
        // Weights 4, 2 and 3 of 9.
        #expect(words.map(\.start) == [.milliseconds(1000), .milliseconds(4555), .milliseconds(6333)])
        #expect(words.map(\.end) == [.milliseconds(4555), .milliseconds(6333), .milliseconds(9000)])
    }

    @Test func takesSilenceAsItIs() {
        #expect(WordTiming.estimate("a", samples: [], rateHz: 1000) == [TimedWord("a", start: .zero, end: .zero)])
        #expect(WordTiming.estimate("", samples: [1, 2], rateHz: 1000).isEmpty)
    }
}
