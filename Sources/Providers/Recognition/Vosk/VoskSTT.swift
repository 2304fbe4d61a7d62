// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Recognises the caller's speech with a Vosk server, live, over one WebSocket for the session.
///
/// Every end of speech that voice activity finds is answered by one final transcript that ends the utterance, sent both
/// ways, within `final_deadline`; it is empty when nothing was understood. Audio that has no final words yet is sent again
/// when the connection breaks. Audio is consumed; all else passes in its order.
public final class VoskSTT: Service {
    public static let name = "vosk_stt"
    public static let summary = "Recognises speech with a Vosk server, live."
    public static let queue = QueueSettings(capacity: 100, whenFull: .dropOldest)

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.audio(AudioConstraint(ratesHz: [16000, 8000], channels: [1]))],
            reads: [.frames(VoiceActivity.self)], produces: [.frames(Transcript.self)])
    }

    private let stream: RecognitionStream<VoskDialect>

    /// Creates a recogniser for one session.
    public init(_ parameters: Parameters) {
        var settings = RecognitionSettings(client: ProviderClient("Vosk", parameters.provider))
        settings.finalDeadline = parameters.finalDeadline
        settings.replay = parameters.replay
        stream = RecognitionStream(settings) { (parameters.request($0), VoskDialect(rateHz: $0.rateHz)) }
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await stream.process(frame, output)
    }

    nonisolated(nonsending) public func finish(_ output: ServiceOutput) async throws {
        try await stream.finish(output)
    }

    nonisolated(nonsending) public func stop() async { await stream.stop() }
}
