// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a provider sent as speech cannot be played.
enum SpeechSoundError: Error, Equatable {
    /// It is no WAV file though it begins like one, or should.
    case notAudio
    /// It is compressed in a way that nothing here reads.
    case compressed(String)
    /// It is a WAV file of samples that nothing here reads.
    case unsupported(String)
    /// There is more of it than any sentence has.
    case endless
}

extension SpeechSoundError {
    /// The error at the edge of an adapter.
    var asProviderError: ProviderError {
        let message =
            switch self {
            case .notAudio: "the answer is no WAV file; ask the server what else it sent"
            case .compressed(let name): "the answer is \(name), not samples; ask the server for pcm or wav"
            case .unsupported(let what): "the answer is a WAV file of \(what); 16-bit linear, µ-law or A-law is needed"
            case .endless: "the speech of one sentence lasts more than \(SpeechBytes.longestText); it was broken off"
            }
        return ProviderError(.malformed, message)
    }
}
