// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// How much of everything one WebSocket may take, and how long.
public struct WebSocketLimits: Sendable, Equatable {
    /// Longest message that is taken; the connection fails with 1009 above it.
    public var maxMessageBytes = 64 * 1024
    /// Longest frame that is taken.
    public var maxFrameBytes = 64 * 1024
    /// Bytes that may wait for a peer that does not read; the connection is dropped above it.
    public var maxBufferedBytes = 256 * 1024
    /// Time between pings; `nil` sends none.
    public var pingInterval: Duration? = .seconds(20)
    /// Time after a ping within which something must arrive.
    public var pongTimeout = Duration.seconds(20)
    /// Time that the peer has for its part of the closing handshake.
    public var closeTimeout = Duration.seconds(2)

    /// Creates the defaults.
    public init() {}

    /// The defaults with another length of messages and frames.
    public init(maxMessageBytes: Int) {
        self.maxMessageBytes = maxMessageBytes
        maxFrameBytes = maxMessageBytes
        maxBufferedBytes = max(maxBufferedBytes, 4 * maxMessageBytes)
    }
}
