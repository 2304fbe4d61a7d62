// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit
import WebSockets

/// One client's connection: takes requests within their limits and deadlines, has them answered, and turns into a
/// WebSocket when a route agrees.
///
/// Confined to the connection's loop. Behind a handler that lets one request through at a time.
final class HTTPConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    let site: ServerSite
    private let peer: IPAddress
    private(set) var state = ConnectionState.waiting
    private var deadline: Scheduled<Void>?
    private var requests = 0
    /// The route at work; what it has begun it finishes also when the client goes.
    private var work: Task<Void, Never>?
    /// Counts answers, so that a late one is recognised.
    private var answer = 0

    init(_ site: ServerSite, peer: IPAddress) {
        self.site = site
        self.peer = peer
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        setDeadline(site.settings.headTimeout, context) { $0.timedOut("the request's head", $1) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        deadline?.cancel()
        state = .over
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, case .waiting = state else {
            return context.close(promise: nil)
        }
        let isOverflow = error == .headerOverflow
        refuse(
            isOverflow
                ? Self.headTooLong(site.settings) : ServerError(.badRequest, "this is no HTTP/1.1: \(error)"),
            context)
    }

    /// The head of a request is too long.
    static func headTooLong(_ settings: PipelineServer) -> ServerError {
        ServerError(
            .requestHeaderFieldsTooLarge,
            "the head of a request may have \(settings.headBytes) bytes; see server.head_bytes")
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .waiting): begin(head, context)
        case (.body(let piece), .receiving(let head, var body)):
            guard body.readableBytes + piece.readableBytes <= site.settings.bodyBytes else {
                return refuse(RequestReader.tooLarge(site.settings), context)
            }
            body.writeImmutableBuffer(piece)
            state = .receiving(head, body: body)
        case (.end, .receiving(let head, let body)): dispatch(head, body, context)
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        requests += 1
        do { try site.reader.check(head, from: peer) } catch { return refuse(error, context) }
        state = .receiving(head, body: ByteBuffer())
        setDeadline(site.settings.bodyTimeout, context) { $0.timedOut("the request's body", $1) }
        // RFC 9110, 10.1.1: the client holds its body back until it is told that it is welcome.
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            context.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    private func dispatch(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        let request = site.reader.request(head, body: body, from: peer, on: context.eventLoop)
        let isUpgrade = head.headers.contains(name: "upgrade")
        // The decoder reads nothing behind a request for an upgrade, whatever is answered.
        state = .answering(isKeptAlive: head.isKeepAlive && !isUpgrade)
        setDeadline(site.answerTimeout, context) {
            $0.work?.cancel()
            $0.refuse(ServerError(.serviceUnavailable, "no answer was ready in time"), $1)
        }
        answer += 1
        let ticket = answer
        let place = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        work = site.answer(request, head) { [eventLoop = context.eventLoop] outcome in
            eventLoop.execute {
                let (connection, context) = place.value
                connection.take(outcome, ticket, head, context)
            }
        }
    }

    // MARK: Answers

    private func take(
        _ outcome: ServerOutcome, _ ticket: Int, _ head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        guard ticket == answer else { return }
        work = nil
        guard case .answering(let isKeptAlive) = state else { return }
        switch outcome {
        case .response(let response):
            write(response, isKeptAlive: isKeptAlive && !site.isDraining, isHead: head.method == .HEAD, context)
        case .webSocket(let opening): open(opening, context)
        }
    }

    private func write(
        _ response: ServerResponse, isKeptAlive: Bool, isHead: Bool, _ context: ChannelHandlerContext
    ) {
        var headers = response.headers
        headers.replaceOrAdd(name: "content-length", value: String(response.body.readableBytes))
        if !headers.contains(name: "x-content-type-options") {
            headers.add(name: "x-content-type-options", value: "nosniff")
        }
        if !isKeptAlive { headers.replaceOrAdd(name: "connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
        state = isKeptAlive ? .waiting : .closing
        setDeadline(site.settings.bodyTimeout, context) { $1.close(promise: nil) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead, response.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
        }
        let sent = context.eventLoop.makePromise(of: Void.self)
        let place = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let count = requests
        sent.futureResult.whenComplete { _ in
            let (connection, context) = place.value
            connection.sent(isKeptAlive, count, context)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }

    private func sent(_ isKeptAlive: Bool, _ count: Int, _ context: ChannelHandlerContext) {
        if case .over = state { return }
        if !isKeptAlive { return closeGently(context) }
        // The next request may have begun already.
        guard count == requests, case .waiting = state else { return }
        setDeadline(site.settings.idleTimeout, context) { $1.close(promise: nil) }
    }

    /// Says what is wrong and closes.
    func refuse(_ error: ServerError, _ context: ChannelHandlerContext) {
        site.refused(error.status)
        write(error.response, isKeptAlive: false, isHead: false, context)
    }

    /// Closes without losing the answer: to close with bytes unread would reset the connection.
    private func closeGently(_ context: ChannelHandlerContext) {
        setDeadline(.seconds(2), context) { $1.close(promise: nil) }
        context.close(mode: .output, promise: nil)
    }

    private func timedOut(_ what: String, _ context: ChannelHandlerContext) {
        // Who has sent nothing at all expects no answer.
        if case .waiting = state, requests == 0 {
            site.refused(.requestTimeout)
            return context.close(promise: nil)
        }
        refuse(ServerError(.requestTimeout, "\(what) did not come in time"), context)
    }

    // MARK: Deadlines

    func setDeadline(
        _ duration: Duration, _ context: ChannelHandlerContext,
        _ body: @escaping (HTTPConnection, ChannelHandlerContext) -> Void
    ) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { [weak self] in
            guard let self else { return }
            if case .over = state { return }
            body(self, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The client sends no more; an answer that is under way still goes out.
        if case .inputClosed = event as? ChannelEvent {
            if case .answering = state { return }
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func open(_ opening: WebSocketOpening, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(opening.head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        deadline?.cancel()
        state = .over
        let channel = context.channel
        do {
            try HTTPPipeline.replace(on: context) { try opening.install(on: channel) }
        } catch {
            channel.close(promise: nil)
        }
    }
}
