// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit

/// A stretch of speech on one side of a recording.
struct SpeechStretch: Equatable {
    /// Where it begins.
    var start: MediaTime
    /// Where it ends.
    var end: MediaTime

    /// How long it lasts.
    var duration: Duration { end - start }
}

/// Finds speech by its level: no model, and edges as exact as a window is short.
///
/// A stretch begins where the level rises clearly above the side's noise floor and reaches out to where it leaves the
/// floor. Pauses shorter than `pause` belong to the stretch; what is shorter than `shortest` is a click.
struct SpeechFinder {
    /// Length of the windows whose level is taken.
    static let window = Duration.milliseconds(5)

    /// The longest pause inside one stretch.
    var pause = Duration.milliseconds(400)
    /// The shortest stretch.
    var shortest = Duration.milliseconds(60)

    /// The stretches in the levels of successive windows, in dBFS.
    func stretches(in levels: [Double]) -> [SpeechStretch] {
        let floor = noiseFloor(levels)
        let (low, high) = (max(floor + 8, -60), max(floor + 15, -50))
        var found: [SpeechStretch] = []
        var index = 0
        while index < levels.count {
            guard levels[index] >= low else {
                index += 1
                continue
            }
            let start = index
            while index < levels.count, levels[index] >= low { index += 1 }
            guard levels[start..<index].contains(where: { $0 >= high }) else { continue }
            join(SpeechStretch(start: time(start), end: time(index)), to: &found)
        }
        return found.filter { $0.duration >= shortest }
    }

    private func join(_ stretch: SpeechStretch, to found: inout [SpeechStretch]) {
        if let last = found.last, stretch.start - last.end < pause {
            found[found.count - 1].end = stretch.end
        } else {
            found.append(stretch)
        }
    }

    private func time(_ window: Int) -> MediaTime { .zero + Self.window * window }

    /// The level that a tenth of the windows do not reach; digital silence counts as -75 dBFS.
    private func noiseFloor(_ levels: [Double]) -> Double {
        let sorted = levels.sorted()
        return max(-75, sorted.isEmpty ? -75 : sorted[sorted.count / 10])
    }
}

/// Takes the levels of the two sides of a recording, window by window, in one pass.
struct StereoLevels {
    /// Levels of the left side in dBFS.
    private(set) var left: [Double] = []
    /// Levels of the right side in dBFS.
    private(set) var right: [Double] = []
    private let rate: Int
    private var energies = (left: Int64(0), right: Int64(0))
    private var sampleCount = 0
    private var windowLength: Int

    /// Creates an empty track.
    init(rateHz: Int) {
        rate = rateHz
        windowLength = SpeechFinder.window.sampleCount(rate: rateHz)
    }

    /// Takes the next samples, left and right by turns.
    mutating func add(_ samples: UnsafeBufferPointer<Int16>) {
        for index in stride(from: 0, to: samples.count - 1, by: 2) {
            energies.left += Int64(samples[index]) * Int64(samples[index])
            energies.right += Int64(samples[index + 1]) * Int64(samples[index + 1])
            sampleCount += 1
            if sampleCount >= windowLength { closeWindow() }
        }
    }

    private mutating func closeWindow() {
        left.append(level(energies.left))
        right.append(level(energies.right))
        energies = (0, 0)
        sampleCount = 0
        // A window's length in samples need not be whole (11025 Hz): its edges are rounded, so that no drift adds up.
        let start = SpeechFinder.window * left.count
        windowLength = (start + SpeechFinder.window).sampleCount(rate: rate) - start.sampleCount(rate: rate)
    }

    private func level(_ energy: Int64) -> Double {
        energy == 0 ? -120 : 10 * log10(Double(energy) / Double(max(1, sampleCount)) / (32768.0 * 32768.0))
    }
}
