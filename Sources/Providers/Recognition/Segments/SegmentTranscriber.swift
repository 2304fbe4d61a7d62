// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// Understands whole recordings.
protocol SegmentTranscriber: Sendable {
    /// Understands a segment.
    ///
    /// - Throws: ``ProviderError``, or `CancellationError`.
    nonisolated(nonsending) func transcribe(
        _ segment: SpeechSegment, _ output: ServiceOutput
    ) async throws -> TranscriptionAnswer
}

/// How a recogniser of segments works.
struct SegmentSettings {
    /// The provider's name, for messages to people.
    var provider: String
    /// Audio heard from before the speech was noticed.
    var preRoll = Duration.milliseconds(300)
    /// The longest segment.
    var longest = Duration.seconds(30)
    /// Less than this is no speech.
    var least = Duration.milliseconds(300)
    /// From the end of speech to its words.
    var finalDeadline = Duration.seconds(5)
    /// Time between two guesses while the caller speaks; `nil` for none.
    var partialInterval: Duration?
}
