// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What a pipeline file may set of the ``Turn`` processor.
public struct TurnParameters: ProcessorParameters {
    /// Words that confirm an interruption; with 0, voice alone does.
    public var minWords = 0
    /// Speech that confirms an interruption; with 0, duration alone never does unless `minWords` is 0 too.
    public var minDuration = Duration.zero
    /// Extra wait after the end of speech.
    public var endSilence = Duration.zero
    /// Wait for the last words.
    public var transcriptTimeout = Duration.seconds(2)
    /// Longest turn.
    public var maxTurn = Duration.seconds(60)
    /// Wait for words before a paused reply goes on.
    public var falseInterruption = Duration.seconds(2)
    /// What listeners say without wanting to speak.
    public var backChannels = [
        "uh-huh", "mm-hmm", "mm", "mhm", "hmm", "yeah", "yes", "yep", "ok", "okay", "right", "sure", "go on", "i see",
        "got it", "ah", "oh",
    ]
    /// Wait for a reply to be heard.
    public var replyTimeout = Duration.seconds(15)
    /// Silence after which the agent asks.
    public var silenceTimeout: Duration?
    /// How often the agent asks.
    public var nudges = 3

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional(
            "min_words", \.minWords, in: 0...20,
            "Words over the agent that interrupt it, which pauses meanwhile; with 0 voice alone interrupts."
        ),
        .optional(
            "min_duration", \.minDuration, in: .zero ... .seconds(5),
            "Speech over the agent, hangover included, that interrupts it, which pauses meanwhile."
        ),
        .optional(
            "end_silence", \.endSilence, in: .zero ... .seconds(10),
            "Silence in which the caller may go on, beyond the hangover of the voice activity detector."),
        .optional(
            "transcript_timeout", \.transcriptTimeout, in: .milliseconds(100) ... .seconds(30),
            "Time after the end of speech within which its last words must come before the turn closes."
        ),
        .optional(
            "max_turn", \.maxTurn, in: .seconds(1) ... .seconds(3600),
            "Longest turn; then it closes with what there is."),
        .optional(
            "false_interruption", \.falseInterruption, in: .zero ... .seconds(10),
            "Time after the end of speech without words after which a paused reply goes on."),
        .optional(
            "back_channels", \.backChannels,
            "What listeners say in passing: no interruption if min_words is set and nothing was asked."
        ),
        .optional(
            "reply_timeout", \.replyTimeout, in: .seconds(1) ... .seconds(600),
            "Time after which a reply of which nothing is heard counts as lost, so that silence is noticed again."),
        .optional(
            "silence_timeout", \.silenceTimeout, in: .seconds(1) ... .seconds(600),
            "Time without speech after which the agent asks whether the caller is there; off unless set."),
        .optional(
            "nudges", \.nudges, in: 0...20,
            "How often the agent asks; after one silence more the session ends.")
    )

    /// Creates the defaults.
    public init() {}

    /// Whether speech over the agent interrupts it at once.
    var interruptsAtOnset: Bool { minWords == 0 && minDuration == .zero }
}
