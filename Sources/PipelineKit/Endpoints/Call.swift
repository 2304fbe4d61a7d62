// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The call that a session serves: who is at the other end, and where the agent's sound goes.
///
/// `@unchecked Sendable`: `output` is touched on the session's loop alone.
public struct Call: @unchecked Sendable {
    /// Names the session in records and logs; unique.
    public var id: String
    /// The transport that brought the call.
    public var transport: String
    /// The format of the audio that the caller's frames bear; `nil` when the transport brings transcripts instead.
    public var inputFormat: AudioFormat?
    /// The format in which the transport wants the agent's audio; `nil` when it takes text and has it spoken.
    public var outputFormat: AudioFormat?
    /// What the transport knows of the call, such as `from` and `to`.
    public var attributes: [String: String]
    /// How far ahead of the moment at which it is heard the transport wants the agent's audio, as a network does that
    /// jitters; `nil` for what the pipeline says.
    public var lead: Duration?
    /// What an earlier session with this caller left, when this one goes on where that stopped.
    public var memory: SessionMemory?
    /// Where the agent's sound goes.
    public var output: any CallOutput
    /// Is told what happens in this call, besides the process's observers: for transports whose far end wants to know.
    public var observer: (any SessionObserver)?
    /// Is given every frame that the transport pushes, on the session's loop: for whoever listens to the call.
    public var onInput: (@Sendable (Frame) -> Void)?

    /// Creates a call.
    public init(
        id: String, transport: String, inputFormat: AudioFormat? = .wideband, outputFormat: AudioFormat? = .wideband,
        attributes: [String: String] = [:], lead: Duration? = nil, output: any CallOutput = DiscardingOutput(),
        observer: (any SessionObserver)? = nil
    ) {
        self.id = id
        self.transport = transport
        self.inputFormat = inputFormat
        self.outputFormat = outputFormat
        self.attributes = attributes
        self.lead = lead
        self.output = output
        self.observer = observer
    }
}

/// The side of a transport that takes what the agent says.
///
/// Called on the session's loop.
public protocol CallOutput: AnyObject {
    /// Sends audio, at most 20 ms at a time, that is to be heard at `time`: at most the speaker's lead from now.
    func write(_ audio: Audio, at time: MediaTime)
    /// Up to which time what was written has really been heard, as far as the far end says; `now` when nothing is out.
    ///
    /// The time is that of the writes: audio written for 2 s that is heard at 2.3 s has been heard once this says so. It
    /// may lag, stand still and jump; the speaker does not wait for ever.
    func heard(at now: MediaTime) -> MediaTime
    /// Forgets audio that was sent and is not heard yet.
    func clear()
    /// Sends a frame that is not audio, where the transport has a use for it.
    func send(_ frame: Frame)
    /// Keeps what the session leaves for one that goes on with the caller. Called once, right before ``close(_:)``.
    func remember(_ memory: SessionMemory)
    /// Releases the far end. Called exactly once, however the session ends.
    func close(_ reason: EndReason)
}

extension CallOutput {
    public func heard(at now: MediaTime) -> MediaTime { now }
    public func clear() {}
    public func send(_ frame: Frame) {}
    public func remember(_ memory: SessionMemory) {}
    public func close(_ reason: EndReason) {}
}

/// Sends nothing anywhere.
public final class DiscardingOutput: CallOutput {
    /// Creates an output.
    public init() {}
    public func write(_ audio: Audio, at time: MediaTime) {}
}
