// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A processor's only way out: emit, ask for a wake-up, read the time, interrupt, end.
///
/// Valid during the call that receives it. New frames inherit epoch, cause and the marks of a reply from the frame in
/// hand, so that a reply can be told from the turn that it answers wherever it waits.
public struct ProcessorContext: ~Copyable {
    // One word, passed in a register: what the call in hand is about stands in the slot.
    let slot: SlotPointer

    init(_ slot: SlotPointer, cause: FrameHeader = .none) {
        self.slot = slot
        slot.pointee.cause = cause
    }

    private var cause: FrameHeader { slot.pointee.cause }

    private var core: SessionCore { slot.pointee.core.takeUnretainedValue() }

    // MARK: Frames

    /// Passes a frame on, downstream.
    @inline(__always)
    public func emit(_ frame: Frame) {
        if frame.header.id == .none {
            slot.forward(core.stamped(frame, cause: cause))
        } else {
            slot.forward(frame)
        }
    }

    /// Emits a new frame downstream.
    public func emit<Payload: FramePayload>(_ payload: Payload, at mediaTime: MediaTime? = nil) {
        emit(Frame(payload, at: mediaTime ?? (cause.id == .none ? now : cause.mediaTime)))
    }

    /// Emits new audio downstream.
    public func emit(_ audio: Audio, at mediaTime: MediaTime) { emit(Frame(audio: audio, at: mediaTime)) }

    /// Emits a frame as if `header`'s frame had caused it: for what was held back and is released later.
    ///
    /// - Parameter header: `nil` for a frame that belongs to no reply, such as a report of what happened.
    public func emit(_ frame: Frame, causedBy header: FrameHeader?) {
        slot.forward(core.stamped(frame, cause: header ?? .none))
    }

    /// Sends a frame to every processor before this one, nearest first, after the work in hand.
    public func emitUpstream(_ frame: Frame) {
        core.sendUpstream(frame.header.id == .none ? core.stamped(frame, cause: cause) : frame, from: slot)
    }

    /// Emits a frame in both directions.
    public func broadcast(_ frame: Frame) {
        let frame = frame.header.id == .none ? core.stamped(frame, cause: cause) : frame
        slot.forward(frame)
        core.sendUpstream(frame, from: slot)
    }

    /// Number of the input by which the frame in hand came, in the order of the entry's `after:`.
    public var input: Int { slot.pointee.input }

    /// Asks for no more frames from the queue in front of this processor; urgent ones still come.
    public func pauseInput() { core.setPaused(true, slot) }
    /// Asks for frames again.
    public func resumeInput() { core.setPaused(false, slot) }

    // MARK: Time

    /// The session's time.
    public var now: MediaTime { core.now }

    /// Asks for `wake` at `time`; replaces an earlier wish with the same `id`.
    ///
    /// - Parameter id: 0...255.
    public func wake(at time: MediaTime, id: Int = 0) { core.setWake(at: time, id: id, slot) }

    /// Takes back a wish.
    public func cancelWake(id: Int = 0) { core.cancelWake(id: id, slot) }

    // MARK: Session

    /// The session's epoch.
    public var epoch: TurnEpoch { core.epoch }

    /// Whether a frame belongs to a reply that an interruption has ended.
    ///
    /// Sinks refuse such frames.
    public func isStale(_ frame: Frame) -> Bool { frame.header.isStale(in: core.epoch) }

    /// Whether what is held of a frame with this header belongs to a reply that an interruption has ended.
    public func isStale(_ header: FrameHeader) -> Bool { header.isStale(in: core.epoch) }

    /// Counts a reply frame that was refused because its turn is over.
    public func dropStale() { core.countDrop("stale", slot) }

    /// Counts a frame that was dropped, by reason.
    public func drop(_ reason: String) { core.countDrop(reason, slot) }

    /// Ends the reply in progress: raises the epoch, empties the queues of stale frames and cancels stale work at once;
    /// every processor is told before the next frame is worked on.
    public func interrupt(_ reason: String) { core.interrupt(reason, by: slot) }

    /// Ends the session.
    ///
    /// Only the first call has an effect.
    public func end(_ reason: EndReason) { core.end(reason) }

    /// The call that the session serves.
    public var call: Call { core.call }

    /// An object that the session's processors share; made by the first that asks.
    public func shared<Object: AnyObject>(_ make: () -> Object) -> Object { core.shared(make) }

    /// Records a moment of the current turn for its latency breakdown.
    ///
    /// - Parameter time: When it was; `nil` for this very moment.
    public func mark(_ point: TurnPoint, at time: MediaTime? = nil) {
        core.timeline.mark(point, at: time ?? core.exactNow)
    }

    /// Why the session is ending; `nil` while it is not.
    public var endReason: EndReason? { core.lifecycle.reason }

    /// Whether the far end has hung up, so that nothing can be heard any more.
    public var isPeerGone: Bool { core.isPeerGone }

    /// The text of the reply in progress as far as the model has come, heard or not.
    public var plannedReply: String { core.plannedReply }

    /// Begins the latency breakdown of a turn.
    public func beginTurn(_ turn: TurnID) { core.timeline.begin(turn) }

    /// The reply's first sample is heard at `time`: the breakdown of the turn is complete.
    public func replyHeard(at time: MediaTime) { core.replyHeard(at: time) }

    /// Says that somebody spoke or pressed a key: the session is not idle.
    public func noteActivity() { core.noteActivity() }

    /// Reports something to whoever watches the session.
    public func report(_ event: SessionEvent) { core.report(event) }
}
