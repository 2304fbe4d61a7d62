// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// `limits:` of a pipeline file: what sessions may cost and how long things may take.
public struct PipelineLimits: ParameterGroup, Equatable {
    /// Most sessions at the same time.
    public var sessions = 100
    /// Time that services may take to start.
    public var start = SessionLimits().start
    /// Time without speech of either side after which a session ends.
    public var idle = SessionLimits().idle
    /// Longest duration of a session.
    public var duration = SessionLimits().duration
    /// Time to finish what is under way once a session is asked to end.
    public var drain = SessionLimits().drain
    /// Time that cancelled work may take to return.
    public var cancel = SessionLimits().cancel

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional(
            "sessions", \.sessions, in: 1...100_000, "Most sessions at the same time; further calls are refused."),
        .optional("start", \.start, in: .milliseconds(10) ... .seconds(600), "Time that services may take to start."),
        .optional(
            "idle", \.idle, in: .seconds(1) ... .seconds(86_400),
            "Time without speech of either side after which a session ends."),
        .optional("duration", \.duration, in: .seconds(1) ... .seconds(604_800), "Longest duration of a session."),
        .optional(
            "drain", \.drain, in: .zero ... .seconds(3600),
            "Time to finish what is under way once a session is asked to end."),
        .optional(
            "cancel", \.cancel, in: .milliseconds(10) ... .seconds(600),
            "Time that cancelled work may take to return before it is abandoned and named."))

    /// Creates the default limits.
    public init() {}

    /// The limits of each session.
    public var session: SessionLimits {
        var limits = SessionLimits()
        limits.start = start
        limits.idle = idle
        limits.duration = duration
        limits.drain = drain
        limits.cancel = cancel
        return limits
    }

    public func validate(into issues: inout ParameterIssues) {
        if idle > duration {
            issues.error(
                "idle",
                "\(idle.parameterText) is longer than 'duration' (\(duration.parameterText)), so it never applies")
        }
    }
}
