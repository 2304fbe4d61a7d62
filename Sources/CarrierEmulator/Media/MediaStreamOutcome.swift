// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What is left of a media stream when it is over.
public struct MediaStreamOutcome: Sendable {
    /// How a stream ends.
    public enum End: Sendable, Hashable {
        /// The caller hung up.
        case callerHungUp
        /// The carrier stopped the stream: the call was ended or redirected.
        case stopped
        /// The agent closed the socket.
        case agentClosed
        /// The connection broke.
        case lost(String)
    }

    /// Something that the caller said or pressed.
    public struct Said: Sendable, Hashable {
        /// Line time.
        public var time: Duration
        /// The words, or the keys.
        public var text: String
        /// Whether these are keys.
        public var isKeys = false
    }

    /// How the stream ended.
    public var end: End
    /// Line time at the end.
    public var duration: Duration
    /// What the carrier's console would list, each code once.
    public var warnings: [CarrierWarning]
    /// Every message of the agent that was refused; the first hundred.
    public var refused: [CarrierWarning]
    /// When the agent's audio arrived.
    public var arrivals: ArrivalStatistics
    /// When the caller talked over the agent, and when that stopped.
    public var bargeIns: [BargeIn]
    /// Time from the end of the caller's words to the first audio of the answer.
    public var gaps: LatencyHistogram
    /// What the caller said.
    public var said: [Said]
    /// Both sides of the line, if it was recorded.
    public var recording: LineRecording?
    /// The caller as the stream has left it.
    var caller: CallerMachine
}
