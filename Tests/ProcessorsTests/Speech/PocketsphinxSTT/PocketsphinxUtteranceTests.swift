// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct PocketsphinxUtteranceTests {
    @Test(arguments: [
        (["go", "goes", "go for", "go forward", "go forward"], [nil, nil, nil, "go", "go forward"]),
        (["", "", "a", "a", "a"], [nil, nil, nil, "a", nil]),
        (["a b", "a b", "a c", "a c"], [nil, "a b", "a", "a c"]),
    ])
    func tellsWordsThatTwoGuessesAgreeUpon(guesses: [String], told: [String?]) {
        var partial = PartialWords(interval: .zero)
        #expect(guesses.map { partial.update($0, at: .zero) } == told)
    }

    @Test func tellsNotMoreOftenThanTheInterval() {
        var partial = PartialWords(interval: .milliseconds(200))
        let guesses = ["a", "a", "a b", "a b", "a b"]
        let told = guesses.enumerated().map { partial.update($1, at: .milliseconds(100 * $0)) }
        #expect(told == [nil, "a", nil, "a b", nil])
    }

    private func frame(_ milliseconds: Int) -> Frame {
        Frame(audio: .silence(.milliseconds(20)), at: .zero + .milliseconds(milliseconds))
    }

    @Test func preRollHoldsWhatAnOnsetNeeds() {
        var preRoll = PreRoll(.milliseconds(100))
        for index in 0..<500 { preRoll.append(frame(20 * index)) }
        let frames = preRoll.take(speechStart: .zero + .milliseconds(9800))
        #expect(frames.first?.mediaTime == .zero + .milliseconds(9700))
        #expect(frames.last?.endTime == .zero + .seconds(10))
        #expect(preRoll.take(speechStart: .zero).isEmpty)
        for index in 0..<500 { preRoll.append(frame(20 * index)) }
        // All that is kept: pre-roll and longest onset.
        #expect(preRoll.take(speechStart: .zero).count == 55)
    }

    @Test func replacesMissingAudioBySilence() async throws {
        let pool = PocketsphinxPool(limit: 1)
        let lease = try await pool.borrow(PocketsphinxConfiguration(.dictation))
        var utterance = PocketsphinxUtterance(lease, at: .zero, partial: PartialWords(interval: .zero))
        let audio = Audio.silence(.milliseconds(20))
        for milliseconds in [0, 20, 43, 100, 5000] { utterance.append(audio, at: .zero + .milliseconds(milliseconds)) }
        // 20 ms five times, 40 ms between 60 and 100, and at most a second of the rest.
        #expect(utterance.duration == .milliseconds(100 + 40 + 1000))
        #expect(utterance.waitingDuration == utterance.duration)
    }
}
