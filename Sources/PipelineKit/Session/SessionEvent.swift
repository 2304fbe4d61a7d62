// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a session tells its observers: for the terminal, call records and logs.
public enum SessionEvent: Sendable {
    /// The session began.
    case started
    /// The caller began a turn.
    case turnStarted(TurnID)
    /// What the caller said so far; final when the turn is over.
    case heardCaller(TurnID, text: String, isFinal: Bool)
    /// What the agent said: the words that were heard, and all that were planned.
    case spoke(TurnID, heard: String, planned: String, isInterrupted: Bool)
    /// The agent became audible or fell silent.
    case agentSpeaking(Bool)
    /// The caller became audible or fell silent.
    case callerSpeaking(Bool)
    /// An interruption was raised.
    case interruption(Interruption)
    /// A reply became audible; where the time went.
    case turn(TurnRecord)
    /// A call of a tool began; ``toolEnded(_:took:)`` follows.
    case toolStarted(ToolCall)
    /// A call of a tool ended after some time.
    case toolEnded(ToolResult, took: Duration)
    /// A figure that a processor reports.
    case metric(name: String, value: Double)
    /// Something failed.
    case error(PipelineError)
    /// The session is over and everything is released.
    case ended(SessionReport)
}

/// Watches sessions.
///
/// Called on the session's loop: must return at once.
public protocol SessionObserver: Sendable {
    /// Something happened.
    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent)
}

/// How a session ended.
public struct SessionReport: Sendable {
    /// Why.
    public var reason: EndReason
    /// How long it lasted.
    public var duration: Duration
    /// Processors that did not let go within the `cancel` limit, by id.
    public var abandoned: [String]
    /// Counters of every processor, in graph order.
    public var processors: [ProcessorStatistics]

    /// Creates a report.
    public init(reason: EndReason, duration: Duration, abandoned: [String], processors: [ProcessorStatistics]) {
        self.reason = reason
        self.duration = duration
        self.abandoned = abandoned
        self.processors = processors
    }
}

/// The counters of one processor of a session.
public struct ProcessorStatistics: Sendable {
    /// The processor's id.
    public var id: String
    /// Frames taken, not counting those dropped before.
    public var framesIn: Int
    /// Frames given on.
    public var framesOut: Int
    /// Frames dropped, by reason.
    public var framesDropped: [String: Int]
    /// Mean processing time of a frame, from the sampled ones; `nil` when none was sampled.
    public var meanProcessDuration: Duration?
    /// Longest processing time among the sampled frames.
    public var longestProcessDuration: Duration?
    /// Frames that wait now.
    public var queueDepth: Int
    /// The most frames that ever waited.
    public var queuePeak: Int
    /// How long the frame at the head of the queue has waited.
    ///
    /// Behind a `block` queue that is backpressure: a synthesiser waits for the speaker; behind any other it is lag.
    public var queueAge: Duration?
    /// What happens when the queue is full; `nil` without a queue.
    public var queuePolicy: QueueSettings.Policy?
}
