// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// A recogniser that hears what it is told to: each utterance gets the next text, a fixed time after it ends.
///
///     builder.add(FakeSpeechToText(says: "hello", after: .milliseconds(300)))
///
/// It needs voice activity before it, takes the caller's audio out of the flow and sends transcripts both ways.
public final class FakeSpeechToText: Service {
    public static let name = "fake_stt"
    public static let summary = "Hears scripted words."
    public static func pads(_ parameters: NoParameters) -> Pads {
        Pads(consumes: [.audio()], reads: [.frames(VoiceActivity.self)], produces: [.frames(Transcript.self)])
    }
    public static var queue: QueueSettings { QueueSettings(capacity: 100, whenFull: .dropOldest) }

    private let texts: [String]
    private let latency: @Sendable (Int) -> Duration
    private let heard: FrameLog?
    private var utterances = 0

    /// Hears "hello" at once, always.
    public convenience init(_ parameters: NoParameters) { self.init(says: "hello", after: .zero) }

    /// Creates a recogniser.
    ///
    /// - Parameters:
    ///   - says: The words of each utterance, over again after the last; empty for one that is not understood.
    ///   - after: Time from the end of an utterance to its words.
    ///   - log: Where the caller's audio frames go.
    public convenience init(says: String..., after latency: Duration, log: FrameLog? = nil) {
        self.init(says: says, log: log) { _ in latency }
    }

    /// Creates a recogniser whose latency depends on the number of the utterance, from 0.
    public init(says texts: [String], log: FrameLog? = nil, after latency: @escaping @Sendable (Int) -> Duration) {
        precondition(!texts.isEmpty, "a recogniser needs something to say")
        self.texts = texts
        self.latency = latency
        heard = log
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        if frame.audio != nil {
            heard?.append(frame)
            return
        }
        try await output.emit(frame)
        guard frame[VoiceActivity.self]?.edge == .speechStopped else { return }
        let number = utterances
        utterances += 1
        try await output.sleep(for: latency(number))
        let transcript = Transcript(texts[number % texts.count], isFinal: true, isUtteranceEnd: true)
        try await output.broadcast(transcript, at: frame.mediaTime)
    }
}
