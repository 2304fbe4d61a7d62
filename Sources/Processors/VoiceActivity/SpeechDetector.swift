// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a detector says of one window.
struct SpeechReading: Equatable {
    /// How likely the window is speech, 0...1.
    var probability: Double
    /// The window's RMS level in dBFS.
    var level: Double
}

/// Says of each window of a stream how likely it is speech.
protocol SpeechDetector {
    /// Samples of a window of mono audio at `rate` Hz; `nil` for a rate that the detector does not understand.
    func windowLength(rate: Int) -> Int?
    /// Takes the next window, which has that length.
    mutating func listen(to window: UnsafeBufferPointer<Int16>, rate: Int) -> SpeechReading
    /// Forgets the stream.
    mutating func reset()
}

extension EnergyDetector: SpeechDetector {
    /// 20 ms.
    func windowLength(rate: Int) -> Int? { max(1, rate / 50) }

    mutating func listen(to window: UnsafeBufferPointer<Int16>, rate: Int) -> SpeechReading {
        let reading = process(window, rate: rate)
        return SpeechReading(probability: reading.probability, level: reading.level)
    }
}
