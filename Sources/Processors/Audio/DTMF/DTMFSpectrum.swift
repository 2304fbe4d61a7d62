// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What one window of sound has at the eight frequencies of the telephone's keys.
///
/// Goertzel's recurrence, for all frequencies at once.
struct DTMFSpectrum {
    /// The strongest frequency of each group, as a key's place.
    struct Place: Equatable {
        var row: Int
        var column: Int
    }

    /// Amplitude and phase at each frequency, the rows' first.
    let real: SIMD8<Float>
    let imaginary: SIMD8<Float>
    /// Mean square of the window.
    let meanSquare: Float
    /// Mean square of a steady tone at each frequency.
    let powers: SIMD8<Float>

    /// The strongest frequency of each group.
    var place: Place {
        Place(
            row: (0..<4).max { powers[$0] < powers[$1] } ?? 0,
            column: (0..<4).max { powers[$0 + 4] < powers[$1 + 4] } ?? 0)
    }

    /// How much further than a tone of exactly its frequency a frequency's phase has turned since an earlier window.
    ///
    /// - Parameters:
    ///   - index: The frequency.
    ///   - turn: Radians by which the exact frequency turns between the windows.
    func phaseDeviation(of index: Int, since earlier: DTMFSpectrum, turn: Double) -> Double {
        let inPhase = real[index] * earlier.real[index] + imaginary[index] * earlier.imaginary[index]
        let quadrature = imaginary[index] * earlier.real[index] - real[index] * earlier.imaginary[index]
        return remainder(Double(atan2f(quadrature, inPhase)) - turn, 2 * .pi)
    }
}

/// Makes the spectra of windows of one length.
struct DTMFAnalyser {
    /// The frequencies, the rows' first.
    static let frequencies = DTMFKeypad.rows + DTMFKeypad.columns

    private let shape: [Float]
    private let shapePower: Float
    private let scale: Float
    private let factor: SIMD8<Float>
    private let cosine: SIMD8<Float>
    private let sine: SIMD8<Float>

    /// Prepares for windows of `length` samples at a rate.
    init(length: Int, rateHz: Int) {
        // Hann's window: the other group's tone, 268 Hz away at least, does not leak in.
        shape = (0..<length).map { Float(0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(length))) }
        shapePower = shape.reduce(0) { $0 + $1 * $1 }
        let sum = shape.reduce(0, +)
        scale = 2 / (sum * sum)
        let angles = Self.frequencies.map { 2 * Double.pi * $0 / Double(rateHz) }
        cosine = SIMD8(angles.map { Float(cos($0)) })
        sine = SIMD8(angles.map { Float(sin($0)) })
        factor = 2 * cosine
    }

    /// The spectrum of a window; `samples` has as many as were prepared for.
    func spectrum(_ samples: ArraySlice<Int16>) -> DTMFSpectrum {
        var (last, before) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        var energy: Float = 0
        for (sample, weight) in zip(samples, shape) {
            let value = Float(sample) * weight
            energy += value * value
            (last, before) = (SIMD8(repeating: value) + factor * last - before, last)
        }
        let real = last - cosine * before
        let imaginary = sine * before
        return DTMFSpectrum(
            real: real, imaginary: imaginary, meanSquare: energy / shapePower,
            powers: (real * real + imaginary * imaginary) * scale)
    }
}
