// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
public import PipelineKit
import WebSockets

/// Takes and places telephone calls through Twilio.
///
/// - SeeAlso: https://www.twilio.com/docs/voice
public struct TwilioTransport: ServedTransport {
    public static let name = "twilio"
    public static let summary = "Takes and places telephone calls through Twilio."

    let desk: TwilioDesk

    public init(_ parameters: TwilioParameters) { self.init(desk: TwilioDesk(parameters)) }

    init(desk: TwilioDesk) { self.desk = desk }

    private var parameters: TwilioParameters { desk.parameters }

    public var port: Int { parameters.port }

    public var placesCalls: Bool { true }

    public var nominalFormats: CallFormats {
        switch parameters.mode {
        case .mediaStreams: CallFormats(input: MediaStreamMessage.format, output: MediaStreamMessage.format)
        case .conversationRelay, .twiml: CallFormats(input: nil, output: nil)
        }
    }

    public func mount(_ routes: inout ServerRoutes, _ host: any CallHost) {
        mountRequests(&routes, host)
        switch parameters.mode {
        case .mediaStreams:
            mountTransfer(&routes)
            mountStreams(&routes, host)
        case .conversationRelay:
            mountTransfer(&routes)
            RelayService(desk).mount(&routes, host)
        case .twiml: LoopService(desk).mount(&routes, host)
        }
    }

    /// Waits for cancellation, then for the end of all calls and for what they leave behind.
    public func run(_ host: any CallHost) async throws {
        let (waiting, continuation) = AsyncStream.makeStream(of: Void.self)
        await withTaskCancellationHandler {
            for await _ in waiting {}
        } onCancel: {
            continuation.finish()
        }
        await desk.windUp()
    }

    /// What the configuration lacks to place calls, by name.
    package var missing: [String] { parameters.missing }

    /// Places a call.
    ///
    /// - Parameter base: The server's public address.
    /// - Returns: Twilio's name for the call.
    /// - Throws: ``TwilioError``.
    package func place(_ request: CallRequest, base: String) async throws -> String {
        try await desk.place(request, base: base).sid
    }

    /// Returns when a call that was placed is over.
    package func ended(_ sid: String) async { await desk.outbound.book.ended(sid) }

    /// What is asked of calls of every mode.
    private func mountRequests(_ routes: inout ServerRoutes, _ host: any CallHost) {
        routes.get("/call/mode", access: .apiKey) { [desk] in desk.mode($0) }
        routes.get("/call/status/{id}", access: .apiKey) { [desk] in try desk.progress($0) }
        routes.post("/call/words", access: .apiKey) { [desk] in try await desk.words($0, host) }
        routes.post("/call/initiate", access: .apiKey) { [desk] in try await desk.initiate($0) }
        routes.post("/calls/{id}/hangup", access: .apiKey) { [desk] in try await desk.hangUp($0) }
        routes.post(TwilioPaths.status, access: .custom) { [desk] in try await desk.status($0) }
        routes.post(TwilioPaths.machine, access: .custom) { [desk] in try await desk.machine($0) }
    }

    /// What is asked of calls that can be handed on.
    private func mountTransfer(_ routes: inout ServerRoutes) {
        routes.post("/calls/{id}/transfer", access: .apiKey) { [desk] in try await desk.transfer($0) }
        routes.post(TwilioPaths.whisper, access: .custom) { [desk] in try desk.whisper($0) }
        routes.post(TwilioPaths.accepted, access: .custom) { [desk] in try desk.accepted($0) }
    }

    private func mountStreams(_ routes: inout ServerRoutes, _ host: any CallHost) {
        routes.post(parameters.path, access: .custom) { [desk] in try desk.answer($0) }
        routes.post(TwilioPaths.afterStream, access: .custom) { [desk] in try desk.afterStream($0) }
        routes.post(TwilioPaths.transferred, access: .custom) { [desk] in try desk.transferred($0) }
        routes.webSocket(parameters.streamPath) { [desk] request in
            guard desk.isSignedSocket(request) else { return .refuse(.forbidden, "the request is not signed") }
            return .accept { _ in MediaStreamCall(desk, host) }
        }
    }
}
