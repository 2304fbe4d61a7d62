// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CarrierEmulator

@Suite struct PlaybackQueueTests {
    private var line: [UInt8] = []

    @Test mutating func playsInOrderAndFillsWithSilence() {
        var queue = PlaybackQueue()
        #expect(queue.append([1, 2, 3]) == true)
        #expect(queue.append([4, 5]) == true)
        #expect(queue.play(4, into: &line) == [])
        #expect(queue.play(4, into: &line) == [])
        #expect(line == [1, 2, 3, 4, 5, 0xFF, 0xFF, 0xFF])
    }

    @Test mutating func passesAMarkWhenTheAudioBeforeItHasBeenHeard() {
        var queue = PlaybackQueue()
        _ = queue.append([1, 2, 3, 4])
        #expect(queue.append(mark: "a") == false)
        _ = queue.append([5])
        #expect(queue.append(mark: "b") == false)
        #expect(queue.play(3, into: &line) == [])
        #expect(queue.play(1, into: &line) == ["a"])
        #expect(queue.play(1, into: &line) == ["b"])
    }

    @Test func passesAMarkAtOnceWhenNothingWaits() {
        var queue = PlaybackQueue()
        #expect(queue.append(mark: "a") == true)
    }

    @Test mutating func givesBackTheMarksThatItClears() {
        var queue = PlaybackQueue()
        _ = queue.append([1, 2])
        _ = queue.append(mark: "a")
        _ = queue.append([3])
        _ = queue.append(mark: "b")
        #expect(queue.play(1, into: &line) == [])
        #expect(queue.clear() == ["a", "b"])
        #expect(queue.isEmpty)
        #expect(queue.play(2, into: &line) == [])
        #expect(line == [1, 0xFF, 0xFF])
    }

    @Test func takesTenMinutesAndNoMore() {
        var queue = PlaybackQueue()
        #expect(queue.append([UInt8](repeating: 0, count: PlaybackQueue.capacity)) == true)
        #expect(queue.append([0]) == false)
    }

    @Test mutating func keepsTheFirstAudioOfAnEmptyQueueForAWhile() {
        var queue = PlaybackQueue(startDelay: 3)
        _ = queue.append([1, 2])
        _ = queue.append(mark: "a")
        #expect(queue.play(4, into: &line) == [])
        #expect(queue.play(2, into: &line) == ["a"])
        #expect(line == [0xFF, 0xFF, 0xFF, 1, 2, 0xFF])
    }
}
