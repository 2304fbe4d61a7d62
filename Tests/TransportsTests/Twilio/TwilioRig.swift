// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PipelineKit
import PipelineTesting
import Synchronization
import Testing
import WebSockets

@testable import Transports

/// A server with the transport on the loopback, and the other side's means: signed requests, streams.
struct TwilioRig: Sendable {
    static let token = "0123456789abcdef0123456789abcdef"

    let loops: LoopGroup
    let server: CallServer
    let transport: TwilioTransport
    let host: PlanHost

    /// Starts a server; `body` may use it until it returns.
    static func with<Result: Sendable>(
        _ plan: CompiledPlan, exchange: ScriptedExchange = ScriptedExchange(),
        configure: (inout TwilioParameters) -> Void = { _ in },
        _ body: (TwilioRig) async throws -> Result
    ) async throws -> Result {
        var parameters = TwilioParameters()
        parameters.accountSID = "AC1"
        parameters.authToken = Secret(token)
        parameters.phoneNumber = "+15550100"
        parameters.apiURL = "http://127.0.0.1"
        configure(&parameters)
        let loops = LoopGroup(count: 1)
        let transport = TwilioTransport(desk: TwilioDesk(parameters, exchange: exchange))
        let host = PlanHost(plan: plan, loops: loops)
        let server = try await CallServer.start(PipelineServer.template, port: 0, loops: loops) {
            transport.mount(&$0, host)
            StatusRoutes(CallDirectory(), MetricsStore()) { false }.mount(&$0)
        }
        let rig = TwilioRig(loops: loops, server: server, transport: transport, host: host)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(rig)) } catch { result = .failure(error) }
        await server.stop()
        await transport.desk.windUp()
        try await loops.shutDown()
        return try result.get()
    }

    /// The address of a path as the other side knows it.
    func url(_ path: String) -> String { server.url + path }

    /// Posts a form, signed as Twilio signs unless told otherwise.
    func post(
        _ path: String, _ fields: [(name: String, value: String)], signature: String? = nil
    ) async throws -> (status: Int, body: String) {
        var form = FormText()
        for (name, value) in fields { form.add(name, value) }
        let value = signature ?? WebhookSignature.value(url: url(path), fields: fields, key: Self.token)
        return try await request(
            .POST, path,
            headers: ["content-type": "application/x-www-form-urlencoded", WebhookSignature.header: value], form.text)
    }

    /// Sends a request.
    func request(
        _ method: HTTPMethod, _ path: String, headers: HTTPHeaders = [:], _ body: String = ""
    ) async throws -> (status: Int, body: String) {
        var request = HTTPClientRequest(url: url(path))
        request.method = method
        request.headers = headers
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let content = try await response.body.collect(upTo: 1 << 20)
        return (Int(response.status.code), String(buffer: content))
    }

    /// Opens a stream with what the instructions to a call say.
    func openStream(_ client: StreamClient, _ instructions: String, call: String = "CA1") async throws {
        let address = try #require(instructions.between(#"<Stream url=""#, #"""#))
        let token = instructions.between(#"name="token" value=""#, #"""#)
        try await open(client, address)
        client.send(
            #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#, StreamClient.start(token: token, call: call))
    }

    /// Opens a WebSocket, signed as Twilio signs unless told otherwise.
    func open(_ client: StreamClient, _ address: String, signature: String? = nil) async throws {
        let value = signature ?? WebhookSignature.value(url: address, key: Self.token)
        _ = try await WebSocketClient.connect(
            url: address, headers: [WebhookSignature.header: value], on: loops.eventLoopGroup
        ) { _ in client }
    }

    /// Waits until a call's session can be reached.
    func waitForCall(_ id: String = "CA1") async {
        while transport.desk.calls[id] == nil { await Task.yield() }
    }

    /// Asks for instructions for a call.
    func instructions(call: String = "CA1") async throws -> String {
        try await post("/voice?tenant=9", Self.ringing(call)).body
    }

    /// The fields of a request for instructions.
    static func ringing(_ call: String) -> [(name: String, value: String)] {
        [
            ("CallSid", call), ("AccountSid", "AC1"), ("From", "+15550101"), ("To", "+15550100"),
            ("CallStatus", "ringing"), ("Direction", "inbound"),
        ]
    }
}

/// Makes sessions of one plan, on the loop that is asked for.
struct PlanHost: CallHost {
    let plan: CompiledPlan
    let loops: LoopGroup
    let sessions = SessionList()

    func accept(_ call: Call) async throws -> Session { try await accept(call, on: loops.eventLoopGroup.next()) }

    func accept(_ call: Call, on eventLoop: any EventLoop) async throws -> Session {
        let session = try await Session.start(plan, call: call, on: loops.loop(of: eventLoop) ?? loops.leastLoaded())
        sessions.add(session)
        return session
    }
}

/// The sessions of a test, in the order in which they began.
final class SessionList: Sendable {
    private struct State {
        var sessions: [Session] = []
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// A session has begun.
    func add(_ session: Session) {
        let met = state.withLock { state in
            state.sessions.append(session)
            let count = state.sessions.count
            defer { state.waiting.removeAll { $0.count <= count } }
            return state.waiting.filter { $0.count <= count }
        }
        for waiting in met { waiting.continuation.resume() }
    }

    /// All of them.
    var all: [Session] { state.withLock { $0.sessions } }

    /// Waits until so many have begun.
    func waitForBegin(count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if state.sessions.count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }

    /// Waits until one has begun and all are over.
    ///
    /// - Returns: Why each of them ended.
    func waitForEnd() async -> [String] {
        await waitForBegin()
        var reasons: [String] = []
        for session in all { reasons.append(await session.ended().reason.name) }
        return reasons
    }
}

extension String {
    /// What stands between two texts, at their first occurrence.
    func between(_ start: String, _ end: String) -> String? {
        guard let from = firstRange(of: start)?.upperBound, let to = self[from...].firstRange(of: end)?.lowerBound
        else {
            return nil
        }
        return String(self[from..<to])
    }
}
