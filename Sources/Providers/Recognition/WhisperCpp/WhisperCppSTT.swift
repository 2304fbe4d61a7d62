// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Recognises the caller's speech with `whisper-server` of whisper.cpp.
///
/// Each utterance is sent when voice activity says that it is over, with some audio from before it, and answered by one
/// final transcript that ends it, sent both ways, within `final_deadline`; longer ones than `longest_utterance` in pieces.
/// While the caller speaks, the utterance so far is sent again and again, and words on which two answers agree are told.
/// Audio is consumed; all else passes in its order.
public final class WhisperCppSTT: Service {
    public static let name = "whisper_cpp_stt"
    public static let summary = "Recognises speech with a whisper.cpp server, by utterances, with partial words."
    public static let queue = QueueSettings(capacity: 100, whenFull: .dropOldest)

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.audio(AudioConstraint(ratesHz: [16000, 8000], channels: [1]))],
            reads: [.frames(VoiceActivity.self)], produces: [.frames(Transcript.self)])
    }

    private let recogniser: SegmentRecogniser<WhisperCppTranscriber>

    /// Creates a recogniser for one session.
    public init(_ parameters: Parameters) {
        recogniser = SegmentRecogniser(parameters.settings, WhisperCppTranscriber(parameters))
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await recogniser.process(frame, output)
    }

    nonisolated(nonsending) public func finish(_ output: ServiceOutput) async throws {
        try await recogniser.finish(output)
    }

    nonisolated(nonsending) public func stop() async { await recogniser.stop() }
}
