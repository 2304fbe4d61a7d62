// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A recogniser that costs nothing: hears the words of a scripted caller, one utterance after the other.
final class ScriptedSTT: Service {
    static let name = "scripted_stt"
    static let summary = "Hears the words of a scripted caller, whatever is said."

    struct Parameters: ProcessorParameters {
        /// The words of each utterance, over again after the last.
        var says = CallsLoad.words

        static let template = Self()
        static let schema = ParameterSchema<Self>(
            .optional("says", \.says, "Words of each utterance, over again after the last."))
    }

    static func pads(_ parameters: Parameters) -> Pads {
        Pads(consumes: [.audio()], reads: [.frames(VoiceActivity.self)], produces: [.frames(Transcript.self)])
    }
    static var queue: QueueSettings { QueueSettings(capacity: 100, whenFull: .dropOldest) }

    private let says: [String]
    private var utterances = 0

    init(_ parameters: Parameters) { says = parameters.says }

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        guard frame.audio == nil else { return }
        try await output.emit(frame)
        guard frame[VoiceActivity.self]?.edge == .speechStopped, !says.isEmpty else { return }
        let words = says[utterances % says.count]
        utterances += 1
        try await output.broadcast(Transcript(words, isFinal: true, isUtteranceEnd: true), at: frame.mediaTime)
    }
}
