// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

@Suite struct SpeechFramerTests {
    private let format = AudioFormat(rateHz: 22_050)

    private func samples(_ frames: [Frame]) -> [Int16] {
        frames.flatMap { $0.audio?.withSamples(Array.init) ?? [] }
    }

    @Test func cutsAnyChunksIntoTheSameFrames() {
        let speech = (0..<2000).map { Int16($0) }
        for chunk in [1, 7, 441, 1000, 2000] {
            var framer = SpeechFramer(format)
            framer.begin(at: .zero)
            var frames: [Frame] = []
            for start in stride(from: 0, to: 2000, by: chunk) {
                frames += framer.append(speech[start..<min(start + chunk, 2000)])
            }
            frames += framer.append([], isLast: true)
            #expect(frames.map { $0.audio?.sampleCount } == [441, 441, 441, 441, 236])
            #expect(samples(frames) == speech)
            #expect(frames.map(\.mediaTime.nanoseconds) == [0, 20_000_000, 40_000_000, 60_000_000, 80_000_000])
        }
    }

    @Test func placesSpeechBehindSpeechThatIsStillHeard() {
        var framer = SpeechFramer(.wideband)
        let start = MediaTime.zero + .seconds(1)
        framer.begin(at: start)
        _ = framer.append([Int16](repeating: 1, count: 16_000), isLast: true)
        framer.begin(at: start + .milliseconds(5))
        #expect(framer.end == start + .seconds(1))
        _ = framer.append([Int16](repeating: 1, count: 320), isLast: true)
        framer.forget()
        framer.begin(at: start + .milliseconds(10))
        #expect(framer.end == start + .milliseconds(10))
    }
}
