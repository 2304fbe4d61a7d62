// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Why a resampler cannot be made.
package enum ResamplerError: Error, Equatable {
    /// A rate is not positive, or one is more than 256 times the other.
    case unsupportedRates(from: Int, to: Int)
    /// The library refused, with its own words; in practice memory ran out.
    case library(String)
}

extension ResamplerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupportedRates(let from, let to):
            "cannot resample from \(from) Hz to \(to) Hz; rates are positive and at most 256 times apart"
        case .library(let message):
            "libsamplerate: \(message)"
        }
    }
}
