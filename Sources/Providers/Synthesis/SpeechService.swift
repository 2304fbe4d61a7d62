// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit
import Processors

/// A processor that speaks sentences with a provider; all of them work alike, and differ in what their
/// ``SpeechStage`` asks.
///
/// Each sentence is announced by its words and followed by its audio in frames of 20 ms, at most as far ahead as the queue
/// behind has room: the next sentence is asked for while the one before is still heard. A sentence is tried once more when
/// it failed before anything of it was emitted. An interruption tells the provider to stop, and nothing that comes late is
/// heard. Frames other than sentences pass in their order.
public protocol SpeechService: Service {
    /// What does the work.
    var stage: SpeechStage { get }
}

extension SpeechService {
    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws { try await stage.start(output) }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await stage.process(frame, output)
    }

    public func interrupted(_ interruption: Interruption) { stage.interrupted() }

    nonisolated(nonsending) public func stop() async { await stage.stop() }

    /// What every such processor takes and adds.
    static func speechPads(_ format: AudioFormat) -> Pads {
        Pads(consumes: [.frames(Sentence.self)], produces: [.frames(SpokenWords.self), .audio(format)])
    }
}

/// What every adapter of speech is told beside its provider's own settings.
package struct SpeechSettings: Sendable {
    /// Whether sentences that were spoken whole are kept for the next time.
    package var isCaching = true
    /// Sentences that are synthesised when the session starts, unless they are kept already.
    package var prerendered: [String] = []
}

extension ParameterLine {
    /// The line of ``SpeechSettings/isCaching``.
    static func cache(_ property: any WritableKeyPath<Root, Bool> & Sendable) -> Self {
        .optional("cache", property, "Whether speech is kept in memory, 64 MiB a process, for when it is said again.")
    }

    /// The line of ``SpeechSettings/prerendered``.
    static func prerender(_ property: any WritableKeyPath<Root, [String]> & Sendable) -> Self {
        .optional(
            "prerender", property,
            "Sentences, such as the greeting, that are synthesised once when the first session starts.")
    }
}
