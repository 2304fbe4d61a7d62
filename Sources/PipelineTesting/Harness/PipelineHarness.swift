// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Runs a pipeline on a virtual clock: feed in, advance, read out.
///
/// Nothing happens between two calls. Time moves only with ``advance(by:)`` and with the audio that is sent.
public final class PipelineHarness {
    /// The loop that the session runs on.
    public let loop: SessionLoop
    /// The session.
    public let session: Session
    /// What the session reported.
    public let events: EventLog
    /// The call that the session serves.
    public let call: Call
    private var audioEnd = MediaTime.zero

    /// Starts a session of a plan.
    ///
    /// - Parameters:
    ///   - loop: The loop to share with other sessions; a new one by default.
    ///   - call: The call; a wideband one without a far end by default.
    ///   - observer: Is told what ``events`` is told.
    public init(
        _ plan: CompiledPlan, on loop: SessionLoop = .virtual(),
        call: Call = Call(id: "test", transport: "harness"), observer: (any SessionObserver)? = nil
    ) throws {
        self.loop = loop
        let events = EventLog(forwardingTo: observer)
        self.events = events
        self.call = call
        session = try loop.perform { try Session(plan, call: call, loop: loop, observer: events) }
        if let output = call.output as? RecordingOutput {
            let begin = loop.virtualTime
            output.follow { .zero + (loop.virtualTime - begin) }
        }
        onLoop { $0.start() }
    }

    /// Calls `body` inside the session, then lets it settle.
    @discardableResult
    public func onLoop<Result: Sendable>(_ body: (isolated Session) throws -> Result) rethrows -> Result {
        try loop.perform { try session.assumeIsolated(body) }
    }

    /// The session's time.
    public var now: MediaTime { onLoop { $0.now } }

    /// Lets virtual time pass, with every timer in its order.
    public func advance(by duration: Duration) { loop.run(until: loop.virtualTime + duration) }

    /// Sends a frame into the graph's source, now.
    public func send(_ frame: Frame, source: Int = 0) { onLoop { $0.push(frame, source: source) } }

    /// Sends a payload into the graph's source, stamped with the present.
    public func send<Payload: FramePayload>(_ payload: Payload, source: Int = 0) {
        send(Frame(payload, at: now), source: source)
    }

    /// Sends audio as a live source would: in frames of 20 ms, each when its last sample has been captured.
    public func send(_ audio: Audio) {
        let length = Duration.milliseconds(20).sampleCount(rate: audio.format.rateHz)
        for start in stride(from: 0, to: audio.sampleCount, by: length) {
            let piece = audio.slice(start..<min(start + length, audio.sampleCount))
            let time = max(now, audioEnd)
            audioEnd = time + piece.duration
            loop.run(until: loop.virtualTime + (audioEnd - now))
            send(Frame(audio: piece, at: time))
        }
    }

    /// Asks for the end and lets time pass until it has come, at most as long as the session's limits allow.
    @discardableResult
    public func end(_ reason: EndReason = .inputEnded) -> SessionReport? {
        onLoop { $0.end(reason) }
        var waited = Duration.zero
        while events.report == nil, waited < .seconds(60) {
            advance(by: .milliseconds(10))
            waited += .milliseconds(10)
        }
        return events.report
    }
}
