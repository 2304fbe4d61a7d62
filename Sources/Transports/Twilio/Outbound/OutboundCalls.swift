// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// A request for a call.
package struct CallRequest: Sendable {
    /// Who is to be called.
    package var to: PhoneNumber
    /// What the call's session is to know, such as `task`.
    package var attributes: [String: String]
    /// Who is told how it went; the configured number unless set.
    package var summaryTo: PhoneNumber?
    /// Repetitions of the request with the same key place no other call.
    package var key: String?

    /// Creates a request.
    package init(
        to: PhoneNumber, attributes: [String: String] = [:], summaryTo: PhoneNumber? = nil, key: String? = nil
    ) {
        self.to = to
        self.attributes = attributes
        self.summaryTo = summaryTo
        self.key = key
    }

    /// What tells two requests apart.
    fileprivate var fingerprint: String {
        let attributes = attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return ([to.description, summaryTo?.description ?? ""] + attributes).joined(separator: "\n")
    }
}

/// Places calls, once each.
final class OutboundCalls: Sendable {
    let book = CallBook()
    private let parameters: TwilioParameters
    private let rest: TwilioREST?
    private let requests = IdempotentRequests<PlacedCall>()

    init(_ parameters: TwilioParameters, _ rest: TwilioREST?) {
        self.parameters = parameters
        self.rest = rest
    }

    /// What the configuration lacks to place calls.
    var missing: [String] { parameters.missing }

    /// Places a call.
    ///
    /// - Parameter base: The server's public address.
    /// - Throws: ``TwilioError``.
    func place(_ request: CallRequest, base: String) async throws -> PlacedCall {
        guard let rest, missing.isEmpty, let from = parameters.phoneNumber else {
            throw TwilioError(
                .missingCredential,
                "nothing was dialled: \(missing.joined(separator: ", ")) missing; set them under 'twilio' in the pipeline "
                    + "file, or in the environment or .env that it reads")
        }
        let call = newCall(to: request.to.description, from: from, base: base)
        do {
            return try await requests.perform(request.key, fingerprint: request.fingerprint, isFinal: Self.isFinal) {
                let placed = try await rest.place(call)
                self.note(placed, request)
                return placed
            }
        } catch is IdempotentRequests<PlacedCall>.Mismatch {
            throw TwilioError(.rejected, "the idempotency key was used for another call; take a new one")
        }
    }

    /// Whether an error says that the call may have been placed: then the same key must not place another.
    private static func isFinal(_ error: any Error) -> Bool { (error as? TwilioError)?.code == .unknownOutcome }

    private func newCall(to: String, from: String, base: String) -> NewCall {
        NewCall(
            to: to, from: from, url: base + parameters.path, statusCallback: base + TwilioPaths.status,
            ringing: parameters.outbound.ringing, machineDetection: parameters.outbound.machineDetection,
            machineCallback: base + TwilioPaths.machine)
    }

    private func note(_ placed: PlacedCall, _ request: CallRequest) {
        book.add(
            placed.sid,
            CallBook.Entry(
                to: request.to.description, attributes: request.attributes,
                summaryTo: request.summaryTo?.description ?? parameters.outbound.summaryTo))
    }

    /// Tells of a call that is over; once, whoever finds it over first, and without troubling anybody when that fails.
    func sumUp(_ sid: String) async -> TwilioError? {
        guard let rest, let from = parameters.phoneNumber, let entry = book.takeSummary(sid), let to = entry.summaryTo
        else { return nil }
        do {
            try await rest.sendMessage(to: to, from: from, body: entry.summary)
            return nil
        } catch {
            return error as? TwilioError ?? TwilioError(.unreachable, "the summary was not sent")
        }
    }
}

/// Where Twilio reports to.
enum TwilioPaths {
    /// How a call goes.
    static let status = "/call/status"
    /// Whether a machine answered.
    static let machine = "/call/machine"
    /// What is to become of a call whose stream is over.
    static let afterStream = "/call/after"
    /// What somebody is told to whom a call is handed on.
    static let whisper = "/call/whisper"
    /// Who has taken a call that is handed on.
    static let accepted = "/call/accepted"
    /// How a transfer went.
    static let transferred = "/call/transferred"
}

extension TwilioParameters {
    /// What the configuration lacks to place calls, by name.
    package var missing: [String] {
        var names: [String] = []
        if accountSID?.isEmpty ?? true { names.append("account_sid (TWILIO_ACCOUNT_SID)") }
        if authToken == nil { names.append("auth_token (TWILIO_AUTH_TOKEN)") }
        if phoneNumber?.isEmpty ?? true { names.append("phone_number (TWILIO_PHONE_NUMBER)") }
        return names
    }
}
