// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What a pipeline file may set of ``Tools``.
public struct ToolsParameters: ProcessorParameters {
    /// The tools.
    public var use = [ToolEntry("end_call")]
    /// Time that a call may take.
    public var deadline = Duration.seconds(10)
    /// What is said while a slow tool runs; several texts are used in turn.
    public var filler: [String] = []
    /// Time after which a tool is slow.
    public var fillerAfter = Duration.milliseconds(1500)
    /// Responses with calls that a turn may have.
    public var maxRounds = 5
    /// Length of a result.
    public var maxResultLength = 8000
    /// Time in which the model must go on.
    public var replyTimeout = Duration.seconds(20)

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional("use", \.use, "The tools that the model may call: names, or names with parameters."),
        .optional(
            "deadline", \.deadline, in: .milliseconds(100) ... .seconds(120),
            "Time that a call may take, unless its tool says otherwise; then the model is told that it failed."),
        .optional("filler", \.filler, "What is said while a slow tool runs; several texts are used in turn."),
        .optional(
            "filler_after", \.fillerAfter, in: .zero ... .seconds(60),
            "Time after which a tool counts as slow, so that the filler is said."),
        .optional(
            "max_rounds", \.maxRounds, in: 1...50,
            "Responses with calls that a turn may have; then the model is asked without tools."),
        .optional(
            "max_result_length", \.maxResultLength, in: 100...1_000_000,
            "Characters of a result; the model is not told the rest."),
        .optional(
            "reply_timeout", \.replyTimeout, in: .seconds(1) ... .seconds(600),
            "Time in which the model must go on once its calls have ended; then the turn ends without a reply.")
    )

    /// Creates the defaults.
    public init() {}
}
