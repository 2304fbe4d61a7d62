// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// A part of what a provider answers to a sentence.
enum SpeechPart: Equatable {
    /// When the characters of the audio that follows are heard.
    case alignment(SpeechAlignment)
    /// The format of the audio that follows, where the provider says so beside the audio.
    case format(AudioFormat)
    /// Samples, cut anywhere; a WAV header may stand before them.
    case audio(ByteBuffer)
}

/// A sentence's speech as it arrives.
protocol SpeechAnswer: AnyObject {
    /// The next part; `nil` when the sentence is complete.
    ///
    /// - Throws: ``ProviderError``, or `CancellationError`.
    nonisolated(nonsending) func next(_ output: ServiceOutput) async throws -> SpeechPart?
    /// Tells the provider to stop unless the sentence is complete, and refuses what still comes; harmless when repeated.
    func giveUp()
}

/// A provider of speech as one session sees it: how a sentence is asked for, and what a ``SpeechStage`` must know.
///
/// Confined to its session's loop. One sentence at a time: the one before is complete, or was given up.
protocol SpeechProvider: AnyObject {
    /// The way to it.
    var client: ProviderClient { get }
    /// Its address, model, voice and settings: all that decides how its speech sounds, without its key.
    var identity: String { get }
    /// The format that the pipeline was promised.
    var format: AudioFormat { get }
    /// The format of an answer that does not say its own; `nil` when every answer must.
    var expected: AudioFormat? { get }
    /// Characters of a sentence that it takes at once.
    var longestText: Int { get }

    /// Connects ahead of the first sentence.
    nonisolated(nonsending) func open(_ output: ServiceOutput) async throws
    /// Asks for a sentence; returns once the provider has taken it.
    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer
    /// Lets go of what it holds.
    nonisolated(nonsending) func close() async
}

extension SpeechProvider {
    var expected: AudioFormat? { format }
    nonisolated(nonsending) func open(_ output: ServiceOutput) async throws {}
    nonisolated(nonsending) func close() async {}
}
