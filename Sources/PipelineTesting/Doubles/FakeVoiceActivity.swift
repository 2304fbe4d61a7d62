// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Takes every frame that is not silent for speech: finds the edges of what a ``ScriptedCaller`` says.
public struct FakeVoiceActivity: Processor {
    public static let name = "fake_vad"
    public static let summary = "Takes everything that is not silence for speech."

    private let hangover: Duration
    private var lastSpeech: MediaTime?

    /// Creates a detector without hangover.
    public init(_ parameters: NoParameters) { hangover = .zero }

    /// Creates a detector.
    ///
    /// - Parameter hangover: Silence after which speech is over.
    public init(hangover: Duration) { self.hangover = hangover }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let audio = frame.audio else { return context.emit(frame) }
        if audio.rmsLevel() > -60 {
            if lastSpeech == nil { context.emit(VoiceActivity(.speechStarted, at: frame.mediaTime)) }
            lastSpeech = frame.endTime
            return context.emit(frame)
        }
        context.emit(frame)
        guard let end = lastSpeech, frame.endTime - end >= hangover else { return }
        lastSpeech = nil
        context.emit(VoiceActivity(.speechStopped, at: end), at: frame.endTime)
    }
}
