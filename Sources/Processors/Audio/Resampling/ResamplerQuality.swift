// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// How much a conversion between uncommon rates costs and keeps.
///
/// Ratios between 8, 16, 24, 32 and 48 kHz have kernels of their own, with one quality; see ``StreamingResampler``.
/// libsamplerate converts all others, and this chooses its filter. Its linear interpolation (28 dB of SNR)
/// is not among the choices.
public enum ResamplerQuality: String, ParameterChoice {
    /// Keeps 80 % of the band at 97 dB of SNR; about a third of the time of `medium`.
    case fastest
    /// Keeps 90 % of the band at 121 dB of SNR.
    case medium
    /// Keeps 97 % of the band at 144 dB of SNR; about three times the time of `medium`, and more delay.
    case best

    public var summary: String {
        switch self {
        case .fastest: "keeps 80 % of the band; a third of the time of 'medium'"
        case .medium: "keeps 90 % of the band"
        case .best: "keeps 97 % of the band; three times the time of 'medium', and more delay"
        }
    }
}
