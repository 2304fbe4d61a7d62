// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit
import WebSockets

/// Serves calls over ConversationRelay: the documents that hand them over, their WebSockets, and what comes after.
///
/// A connection that breaks does not end its call: Twilio asks what to do, is told to connect again, and the new
/// connection takes up the session where it was. When that does not happen in time the caller counts as gone.
struct RelayService: Sendable {
    /// The path under which WebSockets are opened; the name of the session follows.
    static let socketPath = "/ws/{session_id}"
    /// The path that Twilio asks when a session is over.
    static let endedPath = "/voice/ended"

    private let desk: TwilioDesk
    private let calls = RelayCalls()

    /// Creates a service without calls.
    init(_ desk: TwilioDesk) { self.desk = desk }

    private var parameters: RelayParameters { desk.parameters.relay }

    /// Adds the webhooks and the WebSocket.
    func mount(_ routes: inout ServerRoutes, _ host: any CallHost) {
        routes.post(desk.parameters.path, access: .custom) { try answer($0) }
        routes.post(Self.endedPath, access: .custom) { try ended($0) }
        routes.post(TwilioPaths.transferred, access: .custom) { try transferred($0) }
        routes.webSocket(Self.socketPath) { request in
            guard desk.isSignedSocket(request) else { return .refuse(.forbidden, "the request is not signed") }
            guard let ticket = desk.tickets.take(request.pathParameters["session_id"] ?? "") else {
                return .refuse(.notFound, "no call waits under this name; it may have been used, or be too old")
            }
            return .accept { connection(ticket, host, $0) }
        }
    }

    // MARK: Documents

    /// Hands a call over to a WebSocket.
    private func answer(_ request: ServerRequest) throws -> ServerResponse {
        try desk.check(request)
        let attributes = desk.attributes(request.form, query: request.query)
        guard attributes["call_sid"]?.isEmpty == false else {
            throw ServerError(.badRequest, "CallSid is missing; is this Twilio's request?")
        }
        let greeting = desk.parameters.greeting.map { TwiML.Say.pieces($0) } ?? []
        return .twiML(TwiML(greeting + [connect(attributes, base: request.publicBase)]))
    }

    /// - Parameters:
    ///   - attributes: What is known of the call; `call_sid` at least.
    ///   - greeting: What Twilio says first; `nil` for what the parameters say.
    private func connect(_ attributes: [String: String], base: PublicURL, greeting: String? = nil) -> TwiML.Connect {
        let name = desk.tickets.issue(attributes)
        let relay = TwiML.ConversationRelay(
            url: "\(TwilioDesk.socketURL("\(base)"))/ws/\(name)", settings: parameters, greeting: greeting)
        return TwiML.Connect(service: relay, action: "\(base)\(Self.endedPath)")
    }

    /// Says what becomes of a call whose WebSocket is over: it goes on to somebody else, is taken up again, or ends.
    private func ended(_ request: ServerRequest) throws -> ServerResponse {
        try desk.check(request)
        let (form, base) = (request.form, request.publicBase)
        let sid = form["CallSid"] ?? ""
        if form["SessionStatus"] == "failed", let entry = calls[sid],
            calls.countReconnect(sid, atMost: parameters.reconnects)
        {
            let attributes = entry.session.call.attributes.merging(["call_sid": sid]) { $1 }
            return .twiML(TwiML(connect(attributes, base: base, greeting: parameters.reconnectGreeting)))
        }
        hangUp(calls[sid])
        guard let transfer = desk.takeHandOff(sid) else { return .twiML(TwiML(TwiML.Hangup())) }
        return .twiML(TwiML(desk.dial(transfer, of: sid, base: "\(base)")))
    }

    /// Takes the caller back when the transfer failed: nobody is lost.
    private func transferred(_ request: ServerRequest) throws -> ServerResponse {
        try desk.check(request)
        guard let attributes = desk.attributesOfReturn(request) else { return .twiML(TwiML(TwiML.Hangup())) }
        return .twiML(TwiML(connect(attributes, base: request.publicBase, greeting: "")))
    }

    private func hangUp(_ entry: RelayCalls.Entry?) {
        entry?.session.onOwnLoop { $0.end(.hungUp) }
    }

    // MARK: Connections

    private func connection(
        _ ticket: [String: String], _ host: any CallHost, _ eventLoop: any EventLoop
    ) -> RelayConnection {
        RelayConnection(on: eventLoop) { setup, connection in
            if let expected = ticket["call_sid"], expected != setup.callSID {
                throw CallRefused("the session is another call's")
            }
            if let entry = calls[setup.callSID] { return await resume(entry, connection) }
            return try await begin(setup, ticket, host, connection, eventLoop)
        } lost: { leg, isGoodbye in
            leg.session.onOwnLoop { lose(leg, isGoodbye: isGoodbye, $0) }
        }
    }

    private func begin(
        _ setup: RelayMessage.Setup, _ ticket: [String: String], _ host: any CallHost, _ connection: RelayConnection,
        _ eventLoop: any EventLoop
    ) async throws -> RelayConnection.Leg {
        let far = RelayCall(parameters) { [desk] reason, handOff, memory in
            desk.release(setup.callSID, reason, handOff, memory)
        }
        let number = far.connect { connection.send($0) }
        var call = Call(
            id: setup.callSID, transport: TwilioTransport.name, inputFormat: nil, outputFormat: nil,
            attributes: Self.attributes(setup, ticket), output: far, observer: desk.observer(of: setup.callSID))
        call.memory = desk.memories.take(setup.callSID)
        let session = try await host.accept(call, on: eventLoop)
        desk.calls.add(session)
        calls.add(setup.callSID, session, far)
        return .init(session: session, call: far, number: number)
    }

    static func attributes(_ setup: RelayMessage.Setup, _ ticket: [String: String]) -> [String: String] {
        var attributes = setup.parameters.merging(ticket) { $1 }
        attributes["call_sid"] = setup.callSID
        attributes["session_id"] = setup.sessionID
        if !setup.from.isEmpty { attributes["from"] = setup.from }
        if !setup.to.isEmpty { attributes["to"] = setup.to }
        if !setup.direction.isEmpty {
            attributes["direction"] = setup.direction.hasPrefix("outbound") ? "outbound" : "inbound"
        }
        return attributes
    }

    private func resume(_ entry: RelayCalls.Entry, _ connection: RelayConnection) async -> RelayConnection.Leg {
        let number = await entry.session.attach(entry.call, connection)
        return .init(session: entry.session, call: entry.call, number: number)
    }

    private func lose(_ leg: RelayConnection.Leg, isGoodbye: Bool, _ session: isolated Session) {
        guard leg.call.disconnect(leg.number) else { return }
        guard !isGoodbye, parameters.reconnects > 0 else { return session.end(.hungUp) }
        session.interrupt("the connection broke")
        session.every(parameters.reconnectTimeout) { session in
            if !leg.call.isConnected { session.end(.hungUp) }
            return false
        }
    }
}

extension Session {
    /// Lets a new connection take over a call.
    fileprivate func attach(_ call: RelayCall, _ connection: RelayConnection) -> Int {
        call.connect { connection.send($0) }
    }
}
