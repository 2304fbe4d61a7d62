// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PipelineKit

@Suite struct TextPlaybackTests {
    private func playback(_ text: String, rate: Double = 10) -> TextPlayback {
        var playback = TextPlayback(charactersPerSecond: rate)
        playback.append(text, now: .zero)
        return playback
    }

    @Test(arguments: [
        (0, ""), (400, ""), (800, ""), (900, "Life"), (1000, "Life"), (1200, "Life is"), (1300, "Life is"),
        (1400, "Life is a"), (1700, "Life is a"),
        (1800, "Life is a set"), (2600, "Life is a set"),
    ])
    func hearsWholeWordsAtThePaceOfSpeech(milliseconds: Int, heard: String) {
        #expect(playback("Life is a set").heard(at: .zero + .milliseconds(milliseconds)) == heard)
    }

    @Test func tokensThatComeWhileItSpeaksAreSpokenAfterwards() {
        var playback = playback("Hello ")
        playback.append("world.", now: .zero + .milliseconds(100))
        #expect(playback.end == .zero + .milliseconds(1700))
        playback.append(" And you?", now: .zero + .seconds(10))
        #expect(playback.end == .zero + .milliseconds(11_400))
    }

    @Test(arguments: [
        ("Life is", "Hm. Life is"), ("Hm. Life", "Hm. Life"), ("  Life   is a\n", "Hm. Life is a"), ("", ""),
        ("Something else", "Something else"), ("Hm. Life is a set. And more", "Hm. Life is a set. And more"),
    ])
    func stopsWhereTheFarEndSays(report: String, heard: String) {
        var playback = playback("Hm. Life is a set.")
        playback.stop(after: report)
        #expect(playback.heard(at: .zero) == heard)
    }

    @Test func reportsMoveTheEnd() {
        var playback = playback("0123456789 0123456789")
        playback.report("0123456789", now: .zero + .seconds(5))
        #expect(playback.end == .zero + .milliseconds(6100))
        playback.finish(now: .zero + .milliseconds(5200))
        #expect(playback.heard(at: .zero + .milliseconds(5200)) == "0123456789 0123456789")
    }
}
