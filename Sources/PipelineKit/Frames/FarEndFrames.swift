// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A recording that the transport is to have played, in its place among what the agent says.
///
/// For transports that play recordings themselves; others ignore it.
public struct MediaToPlay: FramePayload, Equatable {
    public static let frameType = "media_to_play"
    public static let isReply = true

    /// Where the recording is.
    public var url: String
    /// How often it is played.
    public var loops: Int

    /// Creates the request.
    public init(url: String, loops: Int = 1) {
        self.url = url
        self.loops = loops
    }
}

/// Keys that the transport is to press at the far end, in their place among what the agent says.
public struct KeysToPress: FramePayload, Equatable {
    public static let frameType = "keys_to_press"
    public static let isReply = true

    /// The keys, `0123456789*#`, and `w` for half a second of silence.
    public var keys: String

    /// Creates the request.
    public init(_ keys: String) { self.keys = keys }
}

/// Another language from here on, for transports that recognise and speak themselves.
public struct LanguageChange: FramePayload, Equatable {
    public static let frameType = "language_change"
    public static let isReply = true

    /// What the agent speaks, such as `sv-SE`; `nil` for no change.
    public var speech: String?
    /// What the caller is understood to speak; `nil` for no change.
    public var recognition: String?

    /// Creates the request.
    public init(speech: String? = nil, recognition: String? = nil) {
        self.speech = speech
        self.recognition = recognition
    }
}

/// What the next one to take the call should know; the transport passes it on when the session ends.
public struct HandOff: FramePayload, Equatable {
    public static let frameType = "hand_off"
    public static let isReply = true

    /// The text that is passed on.
    public var data: String

    /// Creates the request.
    public init(data: String) { self.data = data }
}
