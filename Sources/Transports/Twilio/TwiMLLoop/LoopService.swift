// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import PipelineKit

/// Serves calls that go on from webhook to webhook: what was said comes with one, the reply is its answer.
///
/// The session of a call lives between the webhooks, and ends with the status callback, by the agent's goodbye, or by the
/// pipeline's limits.
struct LoopService: Sendable {
    /// Paths of the webhooks.
    static let answeredPath = "/twiml/initial"
    static let wordsPath = "/handle/recording"
    static let transcriptionPath = "/handle/transcription"

    private let desk: TwilioDesk
    private let recordings: RecordingSource
    private let calls = LoopCalls()

    /// Creates a service without calls.
    init(_ desk: TwilioDesk) {
        self.desk = desk
        let parameters = desk.parameters
        let account = parameters.accountSID ?? ""
        recordings = RecordingSource(
            hosts: parameters.loop.recordingHosts + [parameters.apiURL], maxBytes: parameters.loop.maxRecordingBytes,
            authorization: parameters.authToken.map {
                Secret("Basic " + Base64.encode(Array("\(account):\($0.value)".utf8)))
            })
    }

    private var parameters: LoopParameters { desk.parameters.loop }

    /// Adds the webhooks.
    func mount(_ routes: inout ServerRoutes, _ host: any CallHost) {
        for path in Set([desk.parameters.path, Self.answeredPath]).sorted() {
            routes.post(path, access: .custom) { .twiML(try await answered($0, host)) }
        }
        routes.post(Self.wordsPath, access: .custom) { try await words($0) }
        routes.post(Self.transcriptionPath, access: .custom) { request in
            try desk.check(request)
            return try await transcribed(request.form)
        }
    }

    // MARK: Webhooks

    /// A call was answered.
    private func answered(_ request: ServerRequest, _ host: any CallHost) async throws -> TwiML {
        try desk.check(request)
        let sid = try Self.callSID(request.form)
        let attributes = desk.attributes(request.form, query: request.query)
        let base = "\(request.publicBase)"
        let entry = try await calls.entry(sid) { try await begin(sid, attributes, base: base, host) }
        return await entry.session.answer(.answered, step: nil, entry.call)
    }

    private func begin(
        _ sid: String, _ attributes: [String: String], base: String, _ host: any CallHost
    ) async throws -> LoopCalls.Entry {
        let script = LoopScript(parameters, greeting: desk.parameters.greeting, addresses: LoopAddresses(base: base))
        let recogniser: LoopCall.Recogniser = { url in try await recognise(url, host) }
        let far = LoopCall(script, recogniser: parameters.listening == .recogniser ? recogniser : nil) { [desk] in
            // The last document ends the call when all of it was said: Twilio is not told twice.
            desk.release(sid, .hungUp, nil)
        }
        let call = Call(
            id: sid, transport: TwilioTransport.name, inputFormat: nil, outputFormat: nil, attributes: attributes,
            output: far, observer: desk.observer(of: sid))
        let session = try await host.accept(call)
        desk.calls.add(session)
        return LoopCalls.Entry(session: session, call: far)
    }

    private func words(_ request: ServerRequest) async throws -> ServerResponse {
        try desk.check(request)
        let form = request.form
        if form["TranscriptionStatus"] != nil || form["TranscriptionSid"] != nil { return try await transcribed(form) }
        guard let entry = await calls.find(try Self.callSID(form)) else { return .twiML(over) }
        let input = request.query["again"] == nil ? LoopInput { form[$0] } : .again
        return .twiML(await entry.session.answer(input, step: request.query["step"].flatMap { Int($0) }, entry.call))
    }

    /// Twilio's words of a recording; they may come late, twice or never.
    private func transcribed(_ form: ServerFields) async throws -> ServerResponse {
        if let entry = await calls.find(try Self.callSID(form)), let sid = form["RecordingSid"] ?? form["RecordingUrl"]
        {
            await entry.session.take(sid, form["TranscriptionText"] ?? "", entry.call)
        }
        return ServerResponse(.noContent)
    }

    /// What is said in a call that nobody knows any more.
    private var over: TwiML {
        TwiML(TwiML.Say.pieces(parameters.farewell, voice: parameters.voice) + [TwiML.Hangup()])
    }

    private static func callSID(_ form: ServerFields) throws -> String {
        guard let sid = form["CallSid"], !sid.isEmpty, sid.utf8.count <= 64 else {
            throw ServerError(.badRequest, "the form has no usable 'CallSid'")
        }
        return sid
    }

    // MARK: Recordings

    private func recognise(_ url: String, _ host: any CallHost) async throws -> String {
        let bytes = try await recordings.fetch(url)
        return try await host.words { try ReceivedRecording.audio(bytes) }
    }
}

extension ServerResponse {
    /// An answer that is a document for Twilio.
    static func twiML(_ document: TwiML) -> ServerResponse { .text(document.text, type: TwiML.contentType) }
}

extension Session {
    /// The answer to a webhook.
    fileprivate func answer(_ input: LoopInput, step: Int?, _ call: LoopCall) async -> TwiML {
        await withCheckedContinuation { continuation in
            call.receive(input, step: step, self) { continuation.resume(returning: $0) }
        }
    }

    /// Gives a call the words of a recording.
    fileprivate func take(_ sid: String, _ words: String, _ call: LoopCall) { call.transcribed(sid, words, self) }
}
