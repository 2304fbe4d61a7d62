// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Runs one processor or service on a virtual clock.
///
///     let harness = try ProcessorHarness(EnergyGate(.template))
///     harness.send(.tone(dbfs: -20, .milliseconds(20)))
///     #expect(harness.takeOutput().count == 1)
///     #expect(try harness.finish().isEmpty)
public final class ProcessorHarness {
    private let pipeline: PipelineHarness
    private let output = FrameLog()
    private let upstream = FrameLog()
    private var lastError: PipelineError?

    /// Starts a session in which the processor stands alone.
    public convenience init<P: Processor>(
        _ processor: @autoclosure @escaping @Sendable () throws -> P,
        call: Call = Call(id: "test", transport: "harness")
    ) throws {
        try self.init(call: call) { $0.add(try processor(), id: "subject", queue: nil, onError: .continue) }
    }

    /// Starts a session in which the service stands alone.
    public convenience init<S: Service>(
        service: @autoclosure @escaping @Sendable () throws -> S, call: Call = Call(id: "test", transport: "harness")
    ) throws {
        try self.init(call: call) { $0.add(try service(), id: "subject", onError: .continue) }
    }

    private init(call: Call, _ add: (inout PipelineBuilder) throws -> Void) throws {
        var builder = PipelineBuilder("harness")
        let (output, upstream) = (output, upstream)
        builder.add(UpstreamTap(upstream))
        try add(&builder)
        builder.add(Tap(output))
        pipeline = try PipelineHarness(builder.build(), call: call)
    }

    /// The session's time.
    public var now: MediaTime { pipeline.now }
    /// What the session reported.
    public var events: EventLog { pipeline.events }

    /// Sends audio in frames of 20 ms; time passes with it.
    public func send(_ audio: Audio) { pipeline.send(audio) }
    /// Sends a frame now.
    public func send(_ frame: Frame) { pipeline.send(frame) }
    /// Sends a payload now.
    public func send<Payload: FramePayload>(_ payload: Payload) { pipeline.send(payload) }
    /// Lets time pass.
    public func advance(by duration: Duration) { pipeline.advance(by: duration) }
    /// Raises an interruption.
    public func interrupt() { pipeline.onLoop { $0.interrupt("test") } }

    /// Takes everything that came out downstream.
    public func takeOutput() -> [Frame] { output.take() }
    /// Takes everything that the processor sent upstream.
    public func takeUpstream() -> [Frame] { upstream.take() }
    /// Takes the payloads of one type that came out and forgets everything else.
    public func take<Payload: FramePayload>(_ type: Payload.Type) -> [Payload] { takeOutput().compactMap { $0[type] } }
    /// Takes the audio that came out, joined, and forgets everything else.
    public func takeSamples() -> [Int16] {
        takeOutput().flatMap { frame in frame.audio.map { $0.withSamples(Array.init) } ?? [] }
    }

    /// Ends the input and returns everything that was not taken yet.
    ///
    /// - Throws: The first error that the processor reported, or ``HarnessError`` when the session did not end.
    public func finish() throws -> [Frame] {
        let report = pipeline.end()
        if let error = events.errors.first { throw error }
        guard let report else { throw HarnessError.didNotEnd }
        guard report.abandoned.isEmpty else { throw HarnessError.abandoned(report.abandoned) }
        return takeOutput()
    }
}

/// A session in a harness misbehaved.
public enum HarnessError: Error, Equatable {
    /// The session did not end within a minute of virtual time.
    case didNotEnd
    /// These processors did not let go.
    case abandoned([String])
}

/// Writes every frame that travels upstream to a log.
struct UpstreamTap: Processor {
    static let name = "upstream_tap"
    static let summary = "Writes every frame that travels upstream to a log."

    private let log: FrameLog?

    init(_ parameters: NoParameters) { log = nil }
    init(_ log: FrameLog) { self.log = log }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) { log?.append(frame) }
}
