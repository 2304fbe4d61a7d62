// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import PipelineKit

/// The webhooks of a call whose sound comes over a stream.
extension TwilioDesk {
    /// Tells Twilio to open the stream.
    func answer(_ request: ServerRequest) throws -> ServerResponse {
        try check(request)
        let attributes = attributes(request.form, query: request.query)
        guard attributes["call_sid"]?.isEmpty == false else {
            throw ServerError(.badRequest, "CallSid is missing; is this Twilio's request?")
        }
        return connect(attributes, base: "\(request.publicBase)", greeting: parameters.greeting)
    }

    private func connect(_ attributes: [String: String], base: String, greeting: String?) -> ServerResponse {
        let token = tickets.issue(attributes)
        let stream = TwiML.Stream(
            url: Self.socketURL(base) + parameters.streamPath,
            parameters: [TwiML.Parameter(name: "token", value: token)])
        var verbs: [any TwiMLVerb] = greeting.map { TwiML.Say.pieces($0) } ?? []
        verbs.append(TwiML.Connect(service: stream, action: base + TwilioPaths.afterStream))
        return Self.instructions(TwiML(verbs))
    }

    static func instructions(_ document: TwiML) -> ServerResponse {
        .text(document.text, type: TwiML.contentType)
    }

    /// Says what becomes of a call whose stream is over: it goes on to somebody else, or ends.
    func afterStream(_ request: ServerRequest) throws -> ServerResponse {
        try check(request)
        guard let sid = request.form["CallSid"], let transfer = takeHandOff(sid) else {
            return Self.instructions(TwiML(TwiML.Hangup()))
        }
        return Self.instructions(TwiML(dial(transfer, of: sid, base: "\(request.publicBase)")))
    }

    /// Calls whom a call is handed on to.
    func dial(_ transfer: Transfer, of sid: String, base: String) -> TwiML.Dial {
        if let summary = transfer.summary { keepSummary(sid, summary) }
        let whisper = transfer.summary.map { _ in "\(base)\(TwilioPaths.whisper)?call=\(FormText.encoded(sid))" }
        return TwiML.Dial(
            target: transfer.number, callerID: parameters.phoneNumber, timeout: parameters.outbound.transferRinging,
            action: base + TwilioPaths.transferred, whisper: whisper)
    }

    /// Tells whoever answers what it is about, and asks for a key: an answering machine presses none, and the caller
    /// comes back.
    func whisper(_ request: ServerRequest) throws -> ServerResponse {
        try check(request)
        guard let summary = summary(request.query["call"] ?? "") else {
            return Self.instructions(TwiML(TwiML.Hangup()))
        }
        let words = TwiML.Say.pieces("\(summary) Press any key to take the call.")
        let gather = TwiML.Gather(
            input: "dtmf", action: "\(request.publicBase)\(TwilioPaths.accepted)", timeout: .seconds(8), keyCount: 1,
            prompts: words)
        return Self.instructions(TwiML(gather, TwiML.Hangup()))
    }

    /// Joins whoever pressed a key with the caller.
    func accepted(_ request: ServerRequest) throws -> ServerResponse {
        try check(request)
        let isTaken = request.form["Digits"]?.isEmpty == false
        return Self.instructions(isTaken ? TwiML() : TwiML(TwiML.Hangup()))
    }

    /// Takes the caller back when the transfer failed: nobody is lost.
    func transferred(_ request: ServerRequest) throws -> ServerResponse {
        try check(request)
        guard let attributes = attributesOfReturn(request) else { return Self.instructions(TwiML(TwiML.Hangup())) }
        return connect(attributes, base: "\(request.publicBase)", greeting: nil)
    }

    /// What is known of a call whose transfer failed; `nil` when it did not, and the call is over.
    func attributesOfReturn(_ request: ServerRequest) -> [String: String]? {
        let sid = request.form["CallSid"] ?? ""
        var outcome = request.form["DialCallStatus"] ?? ""
        // Somebody answered and did not take the call.
        if request.form["DialBridged"] == "false", summary(sid) != nil { outcome = "declined" }
        forgetTransfer(sid)
        guard !["completed", "answered"].contains(outcome) else {
            _ = memories.take(sid)
            return nil
        }
        var attributes = attributes(request.form, query: request.query)
        attributes["transfer_failed"] = outcome.isEmpty ? "failed" : String(outcome.prefix(20))
        return attributes
    }

    /// Notes how far a call is.
    func status(_ request: ServerRequest) async throws -> ServerResponse {
        try check(request)
        let fields = Self.dictionary(request.form)
        guard let sid = fields["CallSid"] else { throw ServerError(.badRequest, "CallSid is missing") }
        if outbound.book.update(sid, fields) {
            _ = takeHandOff(sid)
            close(sid)
        }
        if CallBook.finalStatuses.contains(fields["CallStatus"] ?? "") {
            _ = memories.take(sid)
            forgetTransfer(sid)
        }
        // A call that came in is in no book, and a stream that was lost on its way has a session that does not know.
        if CallBook.finalStatuses.contains(fields["CallStatus"] ?? ""), let session = calls[sid] {
            await session.end(.hungUp)
        }
        return ServerResponse(.noContent)
    }

    /// Notes who answered, and tells the call's session.
    func machine(_ request: ServerRequest) async throws -> ServerResponse {
        try check(request)
        var fields = Self.dictionary(request.form)
        guard let sid = fields["CallSid"] else { throw ServerError(.badRequest, "CallSid is missing") }
        guard let answeredBy = fields["AnsweredBy"].flatMap(AnsweredBy.init) else { return ServerResponse(.noContent) }
        fields["CallStatus"] = nil
        _ = outbound.book.update(sid, fields)
        if let session = calls[sid] { await tell(answeredBy, session) }
        return ServerResponse(.noContent)
    }

    private func tell(_ answeredBy: AnsweredBy, _ session: isolated Session) {
        session.push(Frame(answeredBy, at: session.now))
        if parameters.outbound.hangUpOnMachine, answeredBy.isMachine { session.end(.cancelled) }
    }

    static func dictionary(_ form: ServerFields) -> [String: String] {
        Dictionary(form.fields.prefix(100).map { ($0.name, $0.value) }) { first, _ in first }
    }
}
