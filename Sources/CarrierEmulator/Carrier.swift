// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
public import NIOCore
import PipelineKit
import Synchronization

/// A telephone carrier on this machine: speaks Twilio's side of the line, so that an agent can be called, and can call,
/// without an account.
///
/// Places calls to an agent's webhook, carries out its TwiML, opens media streams and text relays to it, signs all of
/// that, and serves the interface through which an agent places, redirects and ends calls and sends text messages.
///
///     let carrier = try await Carrier.start(on: group)
///     let report = await carrier.call("http://127.0.0.1:8080/voice", CallParty(script, sound: sound))
///     try await carrier.shutDown()
public final class Carrier: Sendable {
    /// How a carrier behaves.
    public struct Configuration: Sendable {
        /// The account that it serves.
        public var account = CarrierAccount.example
        /// How fast time passes on lines that carry text; lines with sound run in real time.
        public var speed = 1.0
        /// Who answers when the agent calls a number.
        public var party: @Sendable (String) -> CallParty = { _ in CallParty() }
        /// Public addresses that are really elsewhere.
        public var routes = PublicRoutes()
        /// Time after a recording until its transcription comes.
        public var transcriptionDelay = Duration.seconds(1)
        /// The port of the interface; 0 takes any that is free.
        public var port = 0
        /// Whether recordings are given only to who proves to be the account.
        public var protectsRecordings = false
        /// Whether sockets without TLS are accepted, as on a machine of one's own.
        public var allowsPlainText = true

        /// Creates the defaults.
        public init() {}
    }

    private let state: CarrierState
    private let http: HTTPClient
    private let server: Task<Void, any Error>
    /// Where the interface is served, such as `http://127.0.0.1:40123`.
    public let origin: String

    private init(_ state: CarrierState, _ http: HTTPClient, _ server: Task<Void, any Error>, origin: String) {
        self.state = state
        self.http = http
        self.server = server
        self.origin = origin
    }

    /// Starts a carrier.
    ///
    /// - Throws: What keeps the interface from being served.
    public static func start(
        _ configuration: Configuration = Configuration(), on group: any EventLoopGroup
    ) async throws -> Carrier {
        var client = HTTPClient.Configuration(redirectConfiguration: .follow(max: 10, allowCycles: false))
        client.timeout.connect = .seconds(5)
        // A call per request of many callers at once: each may have a connection of its own.
        client.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1000
        let http = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: client)
        let recordings = RecordingStore()
        let environment = CallEnvironment(
            account: configuration.account,
            webhooks: WebhookClient(http: http, token: configuration.account.authToken, routes: configuration.routes),
            group: group, clock: CarrierClock(speed: configuration.speed), recordings: recordings,
            party: configuration.party, transcriptionDelay: configuration.transcriptionDelay,
            protectsRecordings: configuration.protectsRecordings, allowsPlainText: configuration.allowsPlainText)
        let state = CarrierState(environment)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = Task {
            defer { continuation.finish() }
            try await CarrierServer(carrier: state, port: configuration.port).run(on: group) { continuation.yield($0) }
        }
        for await port in ports {
            let origin = "http://127.0.0.1:\(port)"
            recordings.serve(at: origin)
            return Carrier(state, http, server, origin: origin)
        }
        try await http.shutdown()
        try await server.value
        throw CancellationError()
    }

    /// Calls an agent and returns when the call is over; cancelling the task ends the call.
    ///
    /// - Parameter statusCallback: Where the end of the call is reported.
    public func call(
        _ url: String, _ party: CallParty, fallbackURL: String? = nil, statusCallback: String? = nil
    ) async -> CallReport? {
        var setup = CallSetup(.url(url), from: party.script.from, to: party.script.to, party: party)
        setup.fallbackURL = fallbackURL
        setup.statusCallback = statusCallback
        return await call(setup)
    }

    /// Carries a call from its beginning to its end; `nil` when the carrier takes no more calls.
    public func call(_ setup: CallSetup) async -> CallReport? {
        guard let call = state.add(setup) else { return nil }
        return await state.report(of: call.sid)
    }

    /// What is left of a call, once it is over; `nil` when there is no such call.
    public func report(of sid: String) async -> CallReport? { await state.report(of: sid) }

    /// The calls so far, the first one first.
    public var callSids: [String] { state.allCalls.map(\.sid) }

    /// Tells the caller on a media stream what the agent has said, where somebody knows.
    public func agentSaid(_ text: String, call sid: String) async {
        await state.call(sid)?.liveStream?.agentSaid(text)
    }

    /// Keeps a recording of µ-law samples, as of a call.
    ///
    /// - Returns: Its address, without an ending.
    public func addRecording(_ samples: [UInt8]) -> String {
        state.environment.recordings.add(samples, account: state.environment.account.sid).url
    }

    /// Text messages that were sent, in order.
    public var messages: [CarrierMessage] { state.messages }

    /// Requests to the interface, in order.
    public var requests: [CarrierRequest] { state.requests }

    /// Makes things go wrong, each with one of the requests to come.
    public func inject(_ faults: CarrierFault...) { state.add(faults) }

    /// Ends all calls and the interface.
    public func shutDown() async throws {
        await state.close()
        server.cancel()
        _ = await server.result
        try await http.shutdown()
    }
}
