// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// `queue:` of an entry: what differs from the processor's own queue.
public struct QueueParameters: ParameterGroup, Equatable {
    /// Frames that the queue holds before it counts as full; `nil` to leave it as it is.
    public var capacity: Int?
    /// What happens when it is full; `nil` to leave it as it is.
    public var whenFull: QueueSettings.Policy?

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional("capacity", \.capacity, in: 1...100_000, "Frames that the queue holds before it counts as full."),
        .optional("when_full", \.whenFull, "What happens to a frame that finds the queue full."))

    /// Creates parameters that change nothing.
    public init() {}

    /// The processor's own settings with these changes; `nil` if neither asks for a queue.
    public func applied(to settings: QueueSettings?) -> QueueSettings? {
        guard capacity != nil || whenFull != nil else { return settings }
        var changed = settings ?? QueueSettings()
        changed.capacity = capacity ?? changed.capacity
        changed.whenFull = whenFull ?? changed.whenFull
        return changed
    }
}

extension QueueSettings.Policy: ParameterChoice {
    public var summary: String {
        switch self {
        case .block: "the processors before the queue wait; a source that can wait is stopped"
        case .dropOldest: "drops the oldest frame; speech may lose its beginning"
        case .dropNewest: "refuses the new frame; speech may lose its end"
        case .keepLatest: "keeps only the newest frame; for states, not for streams"
        }
    }
}

/// `restart:` of `on_error:`.
struct RestartParameters: ParameterGroup {
    /// Failures within the period after which the session ends.
    var attempts = 3
    /// The period in which failures are counted.
    var period = Duration.seconds(60)

    static let template = Self()
    static let schema = ParameterSchema<Self>(
        .optional("attempts", \.attempts, in: 1...1000, "Failures within the period after which the session ends."),
        .optional(
            "within", \.period, in: .milliseconds(100) ... .seconds(86_400), "Period in which failures are counted."))

    /// The policy that these parameters describe.
    var policy: ErrorPolicy { .restart(attempts: attempts, period: period) }
}
