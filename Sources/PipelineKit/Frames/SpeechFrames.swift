// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The edge of a stretch of speech, found by a voice activity detector.
///
/// Ordered, so that it keeps its place among the audio frames around it.
public struct VoiceActivity: FramePayload, Equatable {
    public static let frameType = "voice_activity"

    /// Which edge.
    public enum Edge: String, Sendable { case speechStarted, speechStopped }

    /// Which edge.
    public var edge: Edge
    /// Where speech really began or ended; earlier than the frame by the onset or the hangover.
    public var time: MediaTime
    /// The detector's probability at the decision, 0...1.
    public var probability: Double

    /// Creates an edge.
    public init(_ edge: Edge, at time: MediaTime, probability: Double = 1) {
        self.edge = edge
        self.time = time
        self.probability = probability
    }
}

/// Words that a recogniser heard.
public struct Transcript: FramePayload, Equatable {
    public static let frameType = "transcript"

    /// The words so far; empty in a final one when nothing was understood.
    public var text: String
    /// Whether the recogniser will not change these words any more.
    public var isFinal: Bool
    /// Whether the recogniser has answered the end of the utterance and nothing more comes for it.
    public var isUtteranceEnd: Bool
    /// The recogniser's confidence, 0...1, where it gives one.
    public var confidence: Double?
    /// When each word was spoken, where the recogniser says.
    public var words: [TimedWord]
    /// The language of the words, such as `en-US`, where the recogniser says.
    public var language: String?

    /// Creates a transcript.
    public init(
        _ text: String, isFinal: Bool = true, isUtteranceEnd: Bool = false, confidence: Double? = nil,
        words: [TimedWord] = [], language: String? = nil
    ) {
        self.text = text
        self.isFinal = isFinal
        self.isUtteranceEnd = isUtteranceEnd
        self.confidence = confidence
        self.words = words
        self.language = language
    }
}

/// A word and when it is heard.
public struct TimedWord: Sendable, Equatable {
    /// The word as written, with its punctuation.
    public var text: String
    /// Where it begins, from the start of the audio that it belongs to.
    public var start: Duration
    /// Where it ends.
    public var end: Duration

    /// Creates a word.
    public init(_ text: String, start: Duration, end: Duration) {
        self.text = text
        self.start = start
        self.end = end
    }
}

/// A key that the far end pressed, or that is to be sent to it.
public struct DTMF: FramePayload, Equatable {
    public static let frameType = "dtmf"
    public static let lane = Lane.urgent

    /// One of `0123456789*#ABCD`.
    public var digit: Character

    /// Creates a key press.
    ///
    /// - Returns: `nil` when `digit` is not a key of the telephone.
    public init?(_ digit: Character) {
        guard "0123456789*#ABCD".contains(digit) else { return nil }
        self.digit = digit
    }
}
