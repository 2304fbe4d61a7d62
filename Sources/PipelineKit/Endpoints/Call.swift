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
    /// The format of the audio that the caller's frames bear.
    public var inputFormat: AudioFormat
    /// The format in which the transport wants the agent's audio.
    public var outputFormat: AudioFormat
    /// What the transport knows of the call, such as `from` and `to`.
    public var attributes: [String: String]
    /// Where the agent's sound goes.
    public var output: any CallOutput
    /// Is told what happens in this call, besides the process's observers: for transports whose far end wants to know.
    public var observer: (any SessionObserver)?

    /// Creates a call.
    public init(
        id: String, transport: String, inputFormat: AudioFormat = .wideband, outputFormat: AudioFormat = .wideband,
        attributes: [String: String] = [:], output: any CallOutput = DiscardingOutput(),
        observer: (any SessionObserver)? = nil
    ) {
        self.id = id
        self.transport = transport
        self.inputFormat = inputFormat
        self.outputFormat = outputFormat
        self.attributes = attributes
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
    /// Forgets audio that was sent and is not heard yet.
    func clear()
    /// Sends a frame that is not audio, where the transport has a use for it.
    func send(_ frame: Frame)
    /// Releases the far end. Called exactly once, however the session ends.
    func close(_ reason: EndReason)
}

extension CallOutput {
    public func clear() {}
    public func send(_ frame: Frame) {}
    public func close(_ reason: EndReason) {}
}

/// Sends nothing anywhere.
public final class DiscardingOutput: CallOutput {
    /// Creates an output.
    public init() {}
    public func write(_ audio: Audio, at time: MediaTime) {}
}
