// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A node that may take longer than one frame lasts: a recogniser, a model, a synthesiser, a tool, a database.
///
/// Frames reach it through a bounded queue, one at a time and in order. It runs as a child task of the session on the
/// session's event loop, so it needs no lock; CPU-heavy or blocking work goes to ``ServiceOutput/offload(_:)``. When an
/// interruption makes the frame in work stale, its task is cancelled: `process` must then return soon (the session's
/// `cancel` limit), having told a provider to stop. What it still emits is refused.
public protocol Service: AnyObject, SendableMetatype {
    /// The parameters that the pipeline file may set; declared once.
    associatedtype Parameters: ProcessorParameters = NoParameters

    /// The name in pipeline files; snake_case.
    static var name: String { get }
    /// What the service does, in one sentence.
    static var summary: String { get }
    /// What a service with these parameters takes and adds.
    static func pads(_ parameters: Parameters) -> Pads
    /// The queue in front of the service unless the pipeline file says otherwise.
    static var queue: QueueSettings { get }

    /// Creates a service for one session.
    init(_ parameters: Parameters) throws

    /// Connects; all services of a session start at once, and frames wait meanwhile.
    nonisolated(nonsending) func start(_ output: ServiceOutput) async throws
    /// Answers a frame. What is not handled is passed on with `output.emit(frame)`.
    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws
    /// Emits what is held: nothing more comes.
    nonisolated(nonsending) func finish(_ output: ServiceOutput) async throws
    /// Takes an urgent frame at once, also while `process` is suspended. Passes it on unless overridden.
    func receive(_ frame: Frame, _ context: inout ProcessorContext) throws
    /// Sees a frame that travels upstream.
    func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) throws
    /// Hears that the session's epoch has risen, also while `process` is suspended.
    func interrupted(_ interruption: Interruption)
    /// Frames that were taken and still await an answer, oldest first, such as the audio since the last final transcript:
    /// an alternative that takes the service's place is given them. Bounded by the service; the frame in work is not
    /// among them.
    var unanswered: [Frame] { get }
    /// Gives back what it holds. Called once, after the last `process` has returned or been abandoned.
    nonisolated(nonsending) func stop() async
}

extension Service {
    public static var queue: QueueSettings { QueueSettings() }
    public static func pads(_ parameters: Parameters) -> Pads { .passing }
    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws {}
    nonisolated(nonsending) public func finish(_ output: ServiceOutput) async throws {}
    public func receive(_ frame: Frame, _ context: inout ProcessorContext) throws { context.emit(frame) }
    public func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) throws {}
    public func interrupted(_ interruption: Interruption) {}
    public var unanswered: [Frame] { [] }
    nonisolated(nonsending) public func stop() async {}
}
