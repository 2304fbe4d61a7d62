// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

@Suite struct MediaArrivalTests {
    private static func at(_ milliseconds: Int) -> MediaTime { .zero + .milliseconds(milliseconds) }

    private static func media(_ chunk: Int?, _ timestamp: Int?) -> MediaStreamMessage.Media {
        let audio = Audio(format: MediaStreamMessage.format, sampleCount: 160, byteCount: 160) { _ in }
        return MediaStreamMessage.Media(chunk: chunk, timestamp: timestamp, audio: audio)
    }

    /// What becomes of chunks that come at times; each lasts 20 ms.
    private func run(_ chunks: [(chunk: Int?, timestamp: Int?, at: Int)]) -> [String] {
        var arrival = MediaArrival()
        return chunks.map { chunk, timestamp, time in
            switch arrival.place(Self.media(chunk, timestamp), now: Self.at(time)) {
            case .duplicate: "duplicate"
            case .late: "late"
            case .play(let time, let silence):
                "\((time - MediaTime.zero).nanoseconds / 1_000_000)+\(silence.nanoseconds / 1_000_000)"
            }
        }
    }

    @Test func placesWhatComesInTime() {
        #expect(run([(1, 5, 120), (2, 25, 140), (3, 45, 160)]) == ["100+0", "120+0", "140+0"])
    }

    @Test func nothingLiesBeforeTheSession() {
        #expect(run([(1, 0, 5), (2, 20, 25), (3, 40, 45)]) == ["0+0", "5+0", "25+0"])
    }

    @Test func whatWasHeldUpKeepsItsPlace() {
        #expect(run([(1, 0, 120), (2, 20, 400), (3, 40, 400), (4, 60, 400)]) == ["100+0", "120+0", "140+0", "160+0"])
    }

    @Test func silenceStandsForWhatIsMissing() {
        #expect(run([(1, 0, 120), (4, 60, 180), (5, 80, 200)]) == ["100+0", "160+40", "180+0"])
    }

    @Test func aLongGapIsNotFilled() {
        #expect(run([(1, 0, 120), (2, 60_000, 60_120), (3, 60_020, 60_140)]) == ["100+0", "60100+0", "60120+0"])
    }

    @Test func whatComesTwiceIsDropped() {
        #expect(
            run([(1, 0, 120), (1, 0, 121), (2, 20, 140), (1, 0, 141)]) == ["100+0", "duplicate", "120+0", "duplicate"])
    }

    @Test func whatComesBehindItsSuccessorIsDropped() {
        #expect(
            run([(1, 0, 120), (3, 40, 160), (2, 20, 161), (2, 20, 162), (4, 60, 180)])
                == ["100+0", "140+20", "late", "duplicate", "160+0"])
    }

    @Test func withoutNumbersItComesAsItComes() {
        #expect(run([(nil, nil, 120), (nil, nil, 140), (nil, nil, 160)]) == ["100+0", "120+0", "140+0"])
        #expect(run([(1, -5, 120), (2, .max, 140), (3, .min, 160)]) == ["100+0", "120+0", "140+0"])
        #expect(run([(1, 0, 120), (2, 0, 140), (3, 0, 160)]) == ["100+0", "120+0", "140+0"])
    }

    @Test(arguments: [0, 1, .max, .min, 32767, 65535])
    func anyNumberMayBeTheFirst(chunk: Int) {
        #expect(run([(chunk, 0, 120), (chunk, 0, 120)]) == ["100+0", "duplicate"])
    }

    @Test func clocksThatDifferStayTogether() {
        // The carrier's clock runs one part in a thousand slow, then fast: a hundred seconds each.
        for pace in [20.02, 19.98] {
            var arrival = MediaArrival()
            var last = MediaTime.zero
            for index in 0..<5000 {
                let now = MediaTime(nanoseconds: 20_000_000 + Int64(Double(index) * pace * 1e6))
                guard case .play(let time, let silence) = arrival.place(Self.media(index, index * 20), now: now) else {
                    Issue.record("chunk \(index) was refused")
                    return
                }
                #expect(silence == .zero)
                last = time
                #expect(now - (time + .milliseconds(20)) < .milliseconds(40))
                #expect(time + .milliseconds(20) <= now + .milliseconds(1))
            }
            #expect(last > .zero)
        }
    }

    @Test func neverTrapsOnAnyNumbers() {
        var random = SeededGenerator(seed: 3)
        var arrival = MediaArrival()
        for _ in 0..<20_000 {
            let numbers: [Int?] = [nil, .min, .max, 0, -1, Int.random(in: -100...100, using: &random)]
            let stamps: [Int?] = [nil, .min, .max, 0, Int.random(in: 0...2_000_000_000, using: &random)]
            let media = Self.media(
                numbers.randomElement(using: &random) ?? nil, stamps.randomElement(using: &random) ?? nil)
            _ = arrival.place(media, now: Self.at(Int.random(in: 0...1_000_000, using: &random)))
        }
    }
}
