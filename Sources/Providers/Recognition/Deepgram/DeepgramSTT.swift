// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Recognises the caller's speech with Deepgram, live, over one WebSocket for the session.
///
/// Every end of speech is answered by one final transcript that ends the utterance, sent both ways, within
/// `final_deadline`; it is empty when nothing was understood. Without voice activity, `endpointing` lets Deepgram decide
/// where utterances end. Audio that has no final words yet is sent again when the connection breaks. Audio is consumed,
/// in the encoding in which it comes; all else passes in its order.
public final class DeepgramSTT: Service {
    public static let name = "deepgram_stt"
    public static let summary = "Recognises speech with Deepgram, live, in many languages."
    public static let queue = QueueSettings(capacity: 100, whenFull: .dropOldest)

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.audio(AudioConstraint(channels: [1], encodings: [.linear16, .mulaw, .alaw]))],
            reads: [.frames(VoiceActivity.self, required: parameters.endpointing == nil)],
            produces: [.frames(Transcript.self)])
    }

    private let stream: RecognitionStream<DeepgramDialect>

    /// Creates a recogniser for one session.
    public init(_ parameters: Parameters) {
        var settings = RecognitionSettings(client: ProviderClient("Deepgram", parameters.provider))
        settings.finalDeadline = parameters.finalDeadline
        settings.keepAlive = .seconds(4)
        settings.replay = parameters.replay
        settings.endsAtEndpoints = parameters.endpointing != nil
        stream = RecognitionStream(settings) { (parameters.request($0), DeepgramDialect()) }
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await stream.process(frame, output)
    }

    nonisolated(nonsending) public func finish(_ output: ServiceOutput) async throws {
        try await stream.finish(output)
    }

    nonisolated(nonsending) public func stop() async { await stream.stop() }
}
