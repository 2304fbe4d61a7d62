// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a far end that speaks the agent's text itself tells of it.
///
/// A transport that takes text pushes it into the session like the caller's words; the sink takes it out. What comes when
/// nothing is being spoken is ignored, so late and repeated reports do no harm.
public enum SpeechProgress: FramePayload, Equatable {
    public static let frameType = "speech_progress"
    public static let lane = Lane.urgent

    /// These words of the reply have been heard so far.
    case heard(String)
    /// Everything that was sent has been heard.
    case finished
    /// The caller broke in, and the far end has stopped; these words were heard, as far as it says.
    case interrupted(heard: String?)
}
