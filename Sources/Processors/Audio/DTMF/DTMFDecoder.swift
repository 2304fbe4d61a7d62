// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit

/// Hears the keys of the telephone in samples, whatever pieces they come in.
///
/// Windows of 16 ms, one every 6 ms. A key counts when four windows in a row have its two frequencies and little else,
/// and their phases turn as fast as these frequencies do; it is over when four windows are without it. Holds less than
/// two windows; allocates nothing once warm.
///
///     tone of 40 ms   |----------------------------------------|
///     windows          [-----1-----]
///                            [-----2-----]
///                                  [-----3-----]
///                                        [-----4-----]  -> the key
///
/// - SeeAlso: ITU-T Q.24, table A-1: the frequencies within 1.5 % and not beyond 3.5 %, 40 ms of tone and not below
///   23 ms, 40 ms of silence, 10 ms of interruption, a high tone up to 4 dB above and 8 dB below the low one.
struct DTMFDecoder {
    private static let hop = Duration.milliseconds(6)
    private static let window = Duration.milliseconds(16)
    private static let windowsToPress = 4
    private static let windowsToRelease = 4
    /// The part of the sound that the two tones are at least: with noise 12 dB below them it is 0.94.
    private static let purity: Float = 0.77
    /// The high tone's power by the low one's: Q.24's limits, and 1.5 dB for the measurement.
    private static let twist: ClosedRange<Float> = 0.112...3.55
    /// Half-way from what must be taken to what must not.
    private static let deviation = 0.025

    /// A key whose tones have been heard in every window for a while.
    private struct Candidate {
        let place: DTMFSpectrum.Place
        var last: DTMFSpectrum
        var windows = 1
        /// How much further than they should the two phases have turned since the first window, in radians.
        var low = 0.0
        var high = 0.0
    }

    private let analyser: DTMFAnalyser
    private let rateHz: Int
    private let hopCount: Int
    private let windowCount: Int
    /// Mean square of each tone at least.
    private let threshold: Float
    private var samples: [Int16] = []
    private var candidate: Candidate?
    private var pressed: DTMFSpectrum.Place?
    private var windowsWithout = 0

    /// Creates a decoder that has heard nothing.
    ///
    /// - Parameter threshold: RMS level in dBFS that each of the two tones has at least.
    init(rateHz: Int, threshold: Double) {
        self.rateHz = rateHz
        hopCount = Self.hop.sampleCount(rate: rateHz)
        windowCount = Self.window.sampleCount(rate: rateHz)
        analyser = DTMFAnalyser(length: windowCount, rateHz: rateHz)
        self.threshold = Float(pow(32_768 * pow(10, threshold / 20), 2))
        samples.reserveCapacity(4 * windowCount)
    }

    /// Hears what follows; returns the keys whose tones have been certain in it.
    mutating func hear(_ new: UnsafeBufferPointer<Int16>) -> [Character] {
        var keys: [Character] = []
        var rest = new[...]
        while !rest.isEmpty {
            samples.append(contentsOf: rest.prefix(windowCount))
            rest = rest.dropFirst(windowCount)
            var start = 0
            while samples.count - start >= windowCount {
                if let key = take(analyser.spectrum(samples[start..<start + windowCount])) { keys.append(key) }
                start += hopCount
            }
            samples.removeFirst(start)
        }
        return keys
    }

    /// Forgets what was heard, as after a gap.
    mutating func reset() {
        samples.removeAll(keepingCapacity: true)
        candidate = nil
        pressed = nil
        windowsWithout = 0
    }

    private mutating func take(_ spectrum: DTMFSpectrum) -> Character? {
        let place = isPair(spectrum) ? spectrum.place : nil
        release(unless: place)
        guard let place else {
            candidate = nil
            return nil
        }
        let candidate =
            self.candidate.flatMap { follow($0, place, spectrum) } ?? Candidate(place: place, last: spectrum)
        self.candidate = candidate
        guard place != pressed, candidate.windows >= Self.windowsToPress, isInTune(candidate) else { return nil }
        pressed = place
        windowsWithout = 0
        return DTMFKeypad.key(row: place.row, column: place.column)
    }

    /// The candidate after one more window; `nil` when that has another key.
    private func follow(
        _ candidate: Candidate, _ place: DTMFSpectrum.Place, _ spectrum: DTMFSpectrum
    ) -> Candidate? {
        guard candidate.place == place else { return nil }
        var candidate = candidate
        candidate.windows += 1
        candidate.low += spectrum.phaseDeviation(of: place.row, since: candidate.last, turn: turn(place.row))
        candidate.high += spectrum.phaseDeviation(
            of: place.column + 4, since: candidate.last, turn: turn(place.column + 4))
        candidate.last = spectrum
        return candidate
    }

    /// Radians by which a frequency turns from one window to the next.
    private func turn(_ index: Int) -> Double {
        2 * .pi * DTMFAnalyser.frequencies[index] * Double(hopCount) / Double(rateHz)
    }

    /// A key is over when windows enough are without it.
    private mutating func release(unless place: DTMFSpectrum.Place?) {
        windowsWithout = place == pressed ? 0 : windowsWithout + 1
        if windowsWithout >= Self.windowsToRelease { pressed = nil }
    }

    /// Whether a window has two tones, loud enough and as loud as each other, and little else.
    private func isPair(_ spectrum: DTMFSpectrum) -> Bool {
        let place = spectrum.place
        let (low, high) = (spectrum.powers[place.row], spectrum.powers[place.column + 4])
        return min(low, high) >= threshold && low + high >= Self.purity * spectrum.meanSquare
            && Self.twist.contains(high / low)
    }

    /// Whether both tones have the frequencies of the key.
    private func isInTune(_ candidate: Candidate) -> Bool {
        let steps = Double(candidate.windows - 1)
        return abs(candidate.low) <= Self.deviation * steps * turn(candidate.place.row)
            && abs(candidate.high) <= Self.deviation * steps * turn(candidate.place.column + 4)
    }
}
