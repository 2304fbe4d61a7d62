// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a pipeline file may set of the ``Speaker``.
public struct SpeakerParameters: ProcessorParameters {
    /// How far ahead of the moment at which it is heard audio goes to the transport.
    public var lead = Duration.milliseconds(40)
    /// How long the far end may take to say that something was heard.
    public var confirmation = Duration.seconds(2)
    /// How fast a far end that speaks text itself is taken to do so.
    public var charactersPerSecond = 13.0

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional(
            "lead", \.lead, in: .milliseconds(20) ... .seconds(1),
            "Time by which audio is sent ahead of the moment at which it is heard; an interruption takes it back."),
        .optional(
            "confirmation", \.confirmation, in: .milliseconds(100) ... .seconds(30),
            "Time that a far end which confirms what was heard may take; later the audio counts as heard."),
        .optional(
            "characters_per_second", \.charactersPerSecond, in: 4...40,
            "Pace at which a transport that takes text is taken to speak it, as long as it does not tell."))

    /// Creates the defaults.
    public init() {}
}
