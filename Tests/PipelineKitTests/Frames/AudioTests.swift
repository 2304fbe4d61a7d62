// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct AudioTests {
    private func samples(_ audio: Audio) -> [Int16] { audio.withSamples(Array.init) }

    @Test func holdsTheSamplesThatItWasMadeOf() {
        let audio = Audio(format: .wideband, samples: [1, -2, 3] as [Int16])
        #expect(samples(audio) == [1, -2, 3])
        #expect(audio.sampleCount == 3)
        #expect(audio.byteCount == 6)
        #expect(audio.duration == .nanoseconds(187_500))
    }

    @Test(
        arguments: [(0..<5, [0, 1, 2, 3, 4]), (2..<4, [2, 3]), (3..<99, [3, 4]), (7..<9, []), (-3..<2, [0, 1])]
            as [(Range<Int>, [Int16])])
    func aSliceIsClampedToWhatThereIs(range: Range<Int>, expected: [Int16]) {
        let audio = Audio(format: .wideband, samples: [0, 1, 2, 3, 4] as [Int16])
        #expect(samples(audio.slice(range)) == expected)
    }

    @Test func aSliceOfStereoKeepsItsChannelsTogether() {
        let audio = Audio(format: AudioFormat(rateHz: 16_000, channels: 2), samples: [1, -1, 2, -2, 3, -3] as [Int16])
        #expect(audio.sampleCount == 3)
        #expect(samples(audio.slice(1..<3)) == [2, -2, 3, -3])
    }

    @Test func aSliceOfEncodedAudioCountsItsBytes() {
        let format = AudioFormat(rateHz: 8000, encoding: .mulaw)
        let audio = Audio(format: format, sampleCount: 4, byteCount: 4) { $0.copyBytes(from: [10, 20, 30, 40]) }
        #expect(audio.slice(1..<3).withBytes(Array.init) == [20, 30])
        #expect(audio.slice(1..<3).sampleCount == 2)
    }

    @Test func levelsAreRelativeToFullScale() {
        #expect(Audio.silence(.milliseconds(20), format: .wideband).rmsLevel() == -120)
        #expect(Audio(format: .wideband, samples: [] as [Int16]).rmsLevel() == -120)
        #expect(Audio(format: .wideband, samples: [Int16](repeating: .min, count: 10)).rmsLevel() == 0)
        #expect(abs(Audio.tone(dbfs: -20, .milliseconds(100)).rmsLevel() + 20) < 0.01)
    }

    @Test func audioIsEqualWhenFormatAndSamplesAre() {
        let audio = Audio(format: .wideband, samples: [1, 2] as [Int16])
        #expect(audio == Audio(format: .wideband, samples: [1, 2] as [Int16]))
        #expect(audio != Audio(format: .telephone, samples: [1, 2] as [Int16]))
        #expect(audio != Audio(format: .wideband, samples: [1, 3] as [Int16]))
    }

    @Test func aFrameGivesItsAudioBack() {
        let audio = Audio(format: .wideband, samples: [1, 2] as [Int16])
        let frame = Frame(audio, at: MediaTime(nanoseconds: 7))
        #expect(frame.audio == audio)
        #expect(frame[Audio.self] == audio)
        #expect(frame[Transcript.self] == nil)
        #expect(frame.endTime == MediaTime(nanoseconds: 7) + .nanoseconds(125_000))
        #expect(frame.frameType == "audio")
    }
}
