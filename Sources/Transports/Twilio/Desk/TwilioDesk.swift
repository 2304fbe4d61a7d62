// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOHTTP1
import PipelineKit
import Synchronization

/// What all calls of a ``TwilioTransport`` share: who is let in, what is known of a call, what becomes of it.
final class TwilioDesk: Sendable {
    let parameters: TwilioParameters
    let counters = TwilioCounters()
    let calls = RunningCalls()
    let outbound: OutboundCalls
    let rest: TwilioREST?
    let work = BackgroundWork()
    let tickets = CallTickets()
    /// What is known of callers who are being transferred.
    let memories = TransferMemories()
    let log = Logger(label: "transport.twilio")
    private let signatures: SignatureCheck
    /// Where calls go when their stream is over.
    private let handOffs = Mutex<[String: Transfer]>([:])
    /// What is told to those who are called for a transfer, by the call that they are to take.
    private let summaries = Mutex<[String: String]>([:])

    init(
        _ parameters: TwilioParameters, exchange: (any RESTExchange)? = nil,
        retries: TwilioREST.Retries = TwilioREST.Retries()
    ) {
        self.parameters = parameters
        signatures = SignatureCheck(tokens: [parameters.authToken, parameters.otherAuthToken].compactMap { $0 })
        rest = (exchange ?? Self.exchange(parameters)).map {
            TwilioREST($0, account: parameters.accountSID ?? "", retries: retries)
        }
        outbound = OutboundCalls(parameters, rest)
    }

    private static func exchange(_ parameters: TwilioParameters) -> (any RESTExchange)? {
        guard let account = parameters.accountSID, !account.isEmpty, let token = parameters.authToken else {
            return nil
        }
        return HTTPExchange(base: parameters.apiURL, account: account, token: token, timeout: .seconds(15))
    }

    // MARK: Letting in

    /// Refuses a webhook that is not signed by the account.
    ///
    /// - Throws: ``ServerError`` 403.
    func check(_ request: ServerRequest) throws {
        guard parameters.checkSignatures else { return }
        let fields = request.form.fields.map { (name: $0.name, value: $0.value) }
        guard isSigned(request, url: request.publicURL, fields) else {
            counters.count(.refused)
            log.warning(
                "refused a request without a good signature; is server.public_url the address that Twilio was given?",
                metadata: ["url": "\(request.publicBase)\(request.path)"])
            throw ServerError(.forbidden, "the request is not signed by the account")
        }
    }

    /// Whether the request for a WebSocket is signed by the account: over the address as the TwiML has it.
    func isSignedSocket(_ request: ServerRequest) -> Bool {
        guard parameters.checkSignatures else { return true }
        let isGood = isSigned(request, url: Self.socketURL("\(request.publicBase)") + request.target, [])
        if !isGood { counters.count(.refused) }
        return isGood
    }

    private func isSigned(_ request: ServerRequest, url: String, _ fields: [WebhookSignature.Field]) -> Bool {
        signatures.accepts(
            request.headers.first(name: WebhookSignature.header),
            settings: request.headers.first(name: WebhookSignature.settingsHeader), url: url, fields: fields)
    }

    /// The address of a WebSocket on the server of an address that begins with `http` or `https`.
    static func socketURL(_ base: String) -> String { "ws" + base.dropFirst("http".count) }

    // MARK: Calls

    /// What a call's session learns of the call, from the request for instructions.
    func attributes(_ form: ServerFields, query: ServerFields) -> [String: String] {
        let sid = form["CallSid"] ?? query["CallSid"] ?? ""
        let placed = outbound.book[sid]
        var attributes = placed?.attributes ?? [:]
        for field in query where Self.isAttribute(field.name) { attributes[field.name] = field.value }
        attributes["from"] = form["From"] ?? query["From"] ?? ""
        attributes["to"] = form["To"] ?? query["To"] ?? ""
        attributes["call_sid"] = sid
        attributes["direction"] = (form["Direction"] ?? "inbound").hasPrefix("outbound") ? "outbound" : "inbound"
        attributes["answered_by"] = form["AnsweredBy"] ?? placed?.answeredBy
        return attributes
    }

    /// Twilio's own fields begin with a capital.
    private static func isAttribute(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) && !reserved.contains(name)
            && name.utf8.count <= 64
    }

    private static let reserved: Set = ["from", "to", "call_sid", "direction", "answered_by", "token"]

    /// What is known of the call whose stream begins; `nil` when it may not.
    func attributes(of start: MediaStreamMessage.Start) -> [String: String]? {
        guard start.callSID.utf8.count <= 64, start.callSID.utf8.allSatisfy(Self.isNameByte) else { return nil }
        guard let token = start.parameters["token"], var attributes = tickets.take(token),
            attributes["call_sid"] == start.callSID
        else { return nil }
        for (name, value) in start.parameters where Self.isAttribute(name) { attributes[name] = value }
        return attributes
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// Listens to a call that was placed here.
    func observer(of sid: String) -> (any SessionObserver)? {
        outbound.book[sid] == nil ? nil : CallListener(book: outbound.book)
    }

    /// Places a call.
    ///
    /// - Throws: ``TwilioError``.
    func place(_ request: CallRequest, base: String) async throws -> PlacedCall {
        let placed = try await outbound.place(request, base: base)
        log.info("placed a call", metadata: ["call": "\(placed.sid)"])
        // The callbacks may have overtaken the answer that names the call.
        if outbound.book.isOver(placed.sid) { close(placed.sid) }
        return placed
    }

    // MARK: The end

    /// Makes a call go on to a number once its stream is over.
    func handOff(_ sid: String, to transfer: Transfer) {
        handOffs.withLock { handOffs in
            if handOffs.count < 10_000 { handOffs[sid] = transfer }
        }
    }

    /// Takes what a call goes on to.
    func takeHandOff(_ sid: String) -> Transfer? { handOffs.withLock { $0.removeValue(forKey: sid) } }

    /// Keeps what is told to whoever is called for a transfer.
    func keepSummary(_ sid: String, _ summary: String) {
        summaries.withLock { summaries in
            if summaries.count < 10_000 { summaries[sid] = summary }
        }
    }

    /// What is told to whoever is called for the transfer of a call.
    func summary(_ sid: String) -> String? { summaries.withLock { $0[sid] } }

    /// The transfer of a call is over, however it went: nobody is told anything any more.
    func forgetTransfer(_ sid: String) {
        summaries.withLock { _ = $0.removeValue(forKey: sid) }
    }

    /// A session is over: the call is handed on, or ended.
    ///
    /// - Parameter memory: What the session leaves, should the caller come back.
    func release(_ sid: String, _ reason: EndReason, _ handOff: HandOff?, _ memory: SessionMemory? = nil) {
        calls.remove(sid)
        if let handOff, let number = parameters.outbound.transferTo, handOffs.withLock({ $0[sid] == nil }) {
            self.handOff(sid, to: Transfer(to: number, parameters.outbound.transferMode, summary: handOff.data))
        }
        let goesOn = handOffs.withLock { $0[sid] != nil }
        if goesOn, let memory { memories.keep(memory, of: sid, for: parameters.outbound.memoryLife) }
        if case .hungUp = reason {
        } else if !goesOn, let rest {
            // The socket's end does it too, unless it is lost on its way.
            work.start { await self.attempt("end a call", sid) { try await rest.hangUp(sid) } }
        }
        if !goesOn { closeLater(sid) }
    }

    /// Takes a call for over when its last callback does not come.
    private func closeLater(_ sid: String) {
        guard outbound.book[sid] != nil else { return }
        work.start(after: .seconds(20)) {
            self.outbound.book.close(sid)
            self.close(sid)
        }
    }

    /// Does what belongs to the end of a call that was placed; again does nothing.
    func close(_ sid: String) {
        work.start { await self.sumUp(sid) }
        outbound.book.announceEnd(sid)
    }

    /// Tells of a call that is over.
    private func sumUp(_ sid: String) async {
        guard let error = await outbound.sumUp(sid) else { return }
        counters.count(.failed)
        log.warning("the summary of a call was not sent", metadata: ["call": "\(sid)", "reason": "\(error)"])
    }

    /// Does what the call does not depend on.
    private func attempt(_ what: String, _ sid: String, _ body: @Sendable () async throws -> Void) async {
        do {
            try await body()
        } catch {
            counters.count(.failed)
            log.warning("Twilio did not \(what)", metadata: ["call": "\(sid)", "reason": "\(error)"])
        }
    }

    /// Waits for the end of all calls, and for what they leave behind.
    func windUp() async {
        await calls.ended()
        await work.finish(within: .seconds(10))
    }
}
