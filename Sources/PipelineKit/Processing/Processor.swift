// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A synchronous node of a pipeline: takes a frame, and gives what it makes of it to the context.
///
/// A processor belongs to one session and is touched by that session's event loop alone: it needs no lock, and must not
/// block, wait or start tasks. What may take longer than one frame lasts is a ``Service``. The context is the only way
/// out. `process` is never re-entered.
public protocol Processor: SendableMetatype {
    /// The parameters that the pipeline file may set; declared once.
    associatedtype Parameters: ProcessorParameters = NoParameters

    /// The name in pipeline files; snake_case.
    static var name: String { get }
    /// What the processor does, in one sentence.
    static var summary: String { get }
    /// What a processor with these parameters takes and adds.
    static func pads(_ parameters: Parameters) -> Pads

    /// Where the processor meets the transport, if it does.
    static var endpoint: Endpoint? { get }
    /// The queue in front of the processor unless the pipeline file says otherwise; `nil` to be called directly.
    static var queue: QueueSettings? { get }

    /// Creates a processor for one session.
    init(_ parameters: Parameters) throws

    /// Begins: called once, before the first frame. May emit.
    mutating func start(_ context: inout ProcessorContext) throws
    /// Takes a frame. What is not handled is passed on with `context.emit(frame)`.
    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) throws
    /// Sees a frame that travels upstream. Such frames reach every processor before the emitter, nearest first.
    mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) throws
    /// Forgets every part of a reply that it holds: the session's epoch has risen.
    mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) throws
    /// Runs at the time asked for with `context.wake(at:id:)`.
    mutating func wake(_ id: Int, _ context: inout ProcessorContext) throws
    /// Emits what is held: nothing more comes. The end is passed on by the runtime.
    mutating func finish(_ context: inout ProcessorContext) throws
    /// Gives back what it holds: the session is over. Cannot emit.
    mutating func stop()

    /// Whether nothing is left to be done without further input; a draining session waits until all are idle.
    var isIdle: Bool { get }
}

extension Processor {
    public static var endpoint: Endpoint? { nil }
    public static var queue: QueueSettings? { nil }
    public static func pads(_ parameters: Parameters) -> Pads { .passing }
    public mutating func start(_ context: inout ProcessorContext) throws {}
    public mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) throws {}
    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) throws {}
    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) throws {}
    public mutating func finish(_ context: inout ProcessorContext) throws {}
    public mutating func stop() {}
    public var isIdle: Bool { true }
}

/// The end of a reply by the other side's speech, or by the application.
public struct Interruption: Sendable, Equatable {
    /// Why.
    public var reason: String
    /// When it was raised.
    public var time: MediaTime
    /// The epoch that it begins; reply frames of earlier ones are stale.
    public var epoch: TurnEpoch
}
