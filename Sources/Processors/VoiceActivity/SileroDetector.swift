// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import Glibc

/// The Silero network over one stream, or the energy detector in its place where the weights are missing.
struct SileroDetector: SpeechDetector {
    private var network: Network?
    private var energy: EnergyDetector

    /// A detector that runs the network.
    init(_ network: Network) {
        self.network = network
        energy = EnergyDetector()
    }

    /// A detector that goes by level.
    init(_ energy: EnergyDetector) { self.energy = energy }

    func windowLength(rate: Int) -> Int? {
        guard network != nil else { return energy.windowLength(rate: rate) }
        return rate == 16_000 ? SileroState.windowLength : nil
    }

    mutating func listen(to window: UnsafeBufferPointer<Int16>, rate: Int) -> SpeechReading {
        network?.listen(to: window) ?? energy.listen(to: window, rate: rate)
    }

    mutating func reset() {
        network?.reset()
        energy.reset()
    }

    /// The network, which rests while it is quiet.
    ///
    /// It goes on for a third of a second of quiet, until its memory has settled, and stays as it is from then on; so
    /// it says of the speech that follows what it would have said had it run all the time.
    struct Network {
        /// Quiet windows of 32 ms that the network still sees.
        private static let settlingWindows = 10

        private let model: SileroModel
        private let restLevel: Double
        private var state = SileroState()
        private var quietWindows = 0

        /// A stream that has heard nothing.
        init(_ model: SileroModel, restsBelow level: Double) {
            self.model = model
            restLevel = level
        }

        /// Takes the next window.
        mutating func listen(to window: UnsafeBufferPointer<Int16>) -> SpeechReading {
            let level = Self.level(window)
            quietWindows = level < restLevel ? quietWindows + 1 : 0
            guard quietWindows <= Self.settlingWindows else { return SpeechReading(probability: 0, level: level) }
            return SpeechReading(probability: Double(state.probability(of: window, model: model)), level: level)
        }

        /// Forgets the stream.
        mutating func reset() {
            state = SileroState()
            quietWindows = 0
        }

        private static func level(_ window: UnsafeBufferPointer<Int16>) -> Double {
            guard let samples = window.baseAddress else { return -120 }
            let energy = csignal_energy(samples, window.count)
            return energy > 0 ? 10 * log10(Double(energy) / Double(window.count) / (32_768 * 32_768)) : -120
        }
    }
}
