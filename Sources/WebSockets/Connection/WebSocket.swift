// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// One WebSocket, confined to its event loop: all calls and callbacks happen there, and none of them waits.
///
/// The socket answers pings, sends its own, and carries out the closing handshake; every wait has a deadline from
/// ``WebSocketLimits``. It is bounded on both sides: a peer that sends too much is refused, one that reads too little is
/// dropped.
///
/// `@unchecked Sendable`: everything but the constants is touched on `eventLoop` alone, which every entry checks.
///
/// - SeeAlso: RFC 6455.
public final class WebSocket: @unchecked Sendable {
    /// Which end of the connection this is.
    public enum Side: Sendable {
        /// Takes masked frames, sends plain ones, and closes the connection first.
        case server
        /// Takes plain frames, sends masked ones, and waits for the server to close the connection.
        case client
    }

    /// Where the socket stands in its life.
    enum Phase {
        /// Messages pass.
        case open
        /// This side has sent its Close frame and waits for the peer's.
        case closing
        /// No message passes any more; the connection is being wound up.
        case over
    }

    /// The loop that the socket lives on.
    public let eventLoop: any EventLoop
    /// The subprotocol that was agreed on.
    public let subprotocol: String?
    /// Takes what comes in; strong until the socket is over.
    public var handler: (any WebSocketHandler)?

    let side: Side
    let limits: WebSocketLimits
    let channel: any Channel
    var phase = Phase.open
    var reader: MessageReader
    var input = ByteBuffer()
    var isReading = true
    var isDelivering = false
    /// The latest ping that could not be answered because the peer does not read.
    var unansweredPing: ByteBuffer?
    /// Whether anything has arrived since the last ping.
    var hasHeard = false
    var pingTimer: Scheduled<Void>?
    var closeTimer: Scheduled<Void>?

    init(_ channel: any Channel, _ side: Side, limits: WebSocketLimits, subprotocol: String?) {
        eventLoop = channel.eventLoop
        self.channel = channel
        self.side = side
        self.limits = limits
        self.subprotocol = subprotocol
        reader = MessageReader(
            isMasked: side == .server, maxFrameBytes: limits.maxFrameBytes, maxMessageBytes: limits.maxMessageBytes)
    }

    /// Makes a WebSocket of a channel whose opening handshake is done and whose HTTP handlers are gone.
    ///
    /// Call on the channel's loop. The handler may send at once, so that no HTTP encoder may be left; a decoder that
    /// holds bytes is removed afterwards.
    ///
    /// - Throws: What the channel says when it is closed already; the handler has heard nothing then.
    @discardableResult
    public static func install(
        on channel: any Channel, _ side: Side, limits: WebSocketLimits, subprotocol: String? = nil,
        handler: any WebSocketHandler
    ) throws -> WebSocket {
        let socket = WebSocket(channel, side, limits: limits, subprotocol: subprotocol)
        socket.handler = handler
        try channel.pipeline.syncOperations.addHandler(WebSocketChannelHandler(socket))
        handler.opened(socket)
        socket.schedulePing()
        return socket
    }

    /// Whether messages can be sent.
    public var isOpen: Bool { phase == .open }

    /// Bytes that were sent and that the kernel has not taken.
    public var bufferedBytes: Int {
        eventLoop.preconditionInEventLoop()
        return (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Stops or resumes taking what the peer sends; TCP then holds the peer back.
    ///
    /// After it has stopped not one more message is delivered. Dead peers are not noticed while it has stopped.
    public func setReading(_ isOn: Bool) {
        eventLoop.preconditionInEventLoop()
        guard isOn != isReading, phase == .open || isOn else { return }
        isReading = isOn
        try? channel.syncOptions?.setOption(.autoRead, value: isOn)
        // Not from within this call: the handler may be in the middle of something.
        if isOn, !isDelivering { eventLoop.execute { self.deliver() } }
    }
}
