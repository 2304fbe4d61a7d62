// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import Glibc
import PipelineKit
import Transports

/// Turns words into sound: 16-bit samples of one channel at 8 kHz.
public typealias SpeechEngine = @Sendable (String) async throws -> [Int16]

/// What a step sounds like on the line.
struct SpokenStep: Sendable {
    /// How loud a sample must be to count as speech: -34 dBFS.
    private static let loudness: Int32 = 650

    /// µ-law samples.
    var samples: [UInt8]
    /// When the first loud sample comes.
    var onset: Duration
    /// When the last loud sample has passed.
    var end: Duration

    /// Encodes linear samples at 8 kHz.
    init(linear samples: [Int16]) {
        self.samples = MuLaw.encode(samples)
        let isLoud = { (sample: Int16) in abs(Int32(sample)) >= Self.loudness }
        onset = .samples(samples.firstIndex(where: isLoud) ?? 0, rate: 8000)
        end = .samples(samples.lastIndex(where: isLoud) ?? 0, rate: 8000)
    }
}

/// The steps of a script as sound, made before the call so that nothing is computed while it runs.
public struct SpokenScript: Sendable {
    /// Why a script cannot be spoken.
    public struct Problem: Error, CustomStringConvertible {
        /// What is wrong and what to do.
        public var description: String
    }

    private static let longestStep = 10 * 60 * 8000

    /// The sound of each step that says something, by its number from 0.
    let steps: [Int: SpokenStep]

    /// Reads the recordings and speaks the words.
    ///
    /// - Throws: ``Problem``, ``SoundFileError``, what `engine` throws.
    public init(_ script: CallerScript, engine: SpeechEngine?) async throws {
        var steps: [Int: SpokenStep] = [:]
        for (number, step) in script.steps.enumerated() {
            if let file = step.play {
                steps[number] = SpokenStep(linear: try Self.read(file.resolved))
            } else if let words = step.say {
                guard let engine else {
                    throw Problem(
                        description: "step \(number + 1) has words but no voice; give a recording with 'play:'")
                }
                steps[number] = SpokenStep(linear: try await engine(words))
            }
        }
        self.steps = steps
    }

    /// A script without sound, for lines that carry text.
    public init() { steps = [:] }

    private static func read(_ path: String) throws -> [Int16] {
        let reader = try SoundFileReader(path)
        guard reader.sampleCount <= longestStep * reader.format.rateHz / 8000 else {
            throw Problem(description: "\(path): longer than ten minutes; cut it")
        }
        var samples: [Int16] = []
        while let block = try reader.read(reader.format.rateHz) { block.withSamples { samples.append(contentsOf: $0) } }
        return TelephoneBand.samples(samples, rate: reader.format.rateHz)
    }
}

/// ITU-T G.711, µ-law.
enum MuLaw {
    /// Compresses samples.
    static func encode(_ samples: [Int16]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count) { target, count in
            samples.withUnsafeBufferPointer { csignal_ulaw_encode($0.baseAddress, $0.count, target.baseAddress) }
            count = samples.count
        }
    }

    /// Expands codes.
    static func decode(_ codes: [UInt8]) -> [Int16] {
        [Int16](unsafeUninitializedCapacity: codes.count) { target, count in
            codes.withUnsafeBufferPointer { csignal_ulaw_decode($0.baseAddress, $0.count, target.baseAddress) }
            count = codes.count
        }
    }

    /// Whether a piece of the line is loud enough to be heard: -45 dBFS at its loudest.
    static func isAudible(_ codes: some Sequence<UInt8>) -> Bool {
        // The lower seven bits of a code fall as the level rises, whatever the sign.
        codes.contains { $0 & 0x7F < audibleCode }
    }

    private static let audibleCode = encode([180])[0] & 0x7F
}

/// Brings sound of any rate to the 8 kHz of the telephone.
public enum TelephoneBand {
    /// Resamples one channel: a windowed sinc whose pass band ends at 3.4 kHz, or at the input's own limit.
    public static func samples(_ input: [Int16], rate: Int) -> [Int16] {
        guard rate != 8000, rate > 0, !input.isEmpty else { return input }
        let step = Double(rate) / 8000
        let cutoff = min(1, 8000 / Double(rate)) * (rate > 8000 ? 0.9 : 1)
        let reach = Int((16 / cutoff).rounded(.up))
        return (0..<Int(Double(input.count) / step)).map { index in
            let center = Double(index) * step
            let first = max(0, Int(center) - reach + 1)
            let last = min(input.count - 1, Int(center) + reach)
            var sum = 0.0
            for position in first...max(first, last) {
                sum += Double(input[position]) * weight(Double(position) - center, cutoff, Double(reach))
            }
            return Int16(clamping: Int(sum.rounded()))
        }
    }

    private static func weight(_ distance: Double, _ cutoff: Double, _ reach: Double) -> Double {
        let window = abs(distance) < reach ? 0.5 + 0.5 * cos(.pi * distance / reach) : 0
        guard distance != 0 else { return cutoff }
        return cutoff * sin(.pi * distance * cutoff) / (.pi * distance * cutoff) * window
    }
}
