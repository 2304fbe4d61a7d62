// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit

/// What people and programs ask for: a call, its end, its transfer.
extension TwilioDesk {
    /// Places a call: `POST /call/initiate?phone_number=+1…`, or with JSON `{"to": "+1…"}`.
    func initiate(_ request: ServerRequest) async throws -> ServerResponse {
        let wanted = try callRequest(request)
        let base = "\(request.publicBase)"
        if parameters.apiURL.contains("api.twilio.com") || parameters.apiURL.contains(".twilio.com"),
            !request.publicBase.isSecure
        {
            throw ServerError(
                .serviceUnavailable,
                "nothing was dialled: Twilio cannot reach \(base); set server.public_url to the server's https address")
        }
        do {
            let placed = try await place(wanted, base: base)
            return .json([
                "call_sid": .string(placed.sid), "status": "initiated", "phone_number": .string(wanted.to.description),
                "mode": .string(CallMode.real.name), "reason": .string(CallMode.real.reason),
            ])
        } catch let error as TwilioError {
            counters.count(.failed)
            throw ServerError(Self.status(error.code), error.description)
        }
    }

    private func callRequest(_ request: ServerRequest) throws -> CallRequest {
        let key = request.headers.first(name: "idempotency-key")
        if let key, key.isEmpty || key.utf8.count > 255 {
            throw ServerError(.badRequest, "the idempotency key must have 1 to 255 characters")
        }
        if let number = request.query["phone_number"] {
            return CallRequest(to: try Self.number("phone_number") { try PhoneNumber(query: number) }, key: key)
        }
        guard let body = try? JSONValue(parsing: request.body.readableBytesView), let to = body["to"]?.string else {
            throw ServerError(
                .badRequest, #"name the number: ?phone_number=%2B15550101, or as JSON {"to": "+15550101"}"#)
        }
        var wanted = CallRequest(to: try Self.number("to") { try PhoneNumber(to) }, key: key)
        if let summaryTo = body["summary_to"]?.string {
            wanted.summaryTo = try Self.number("summary_to") { try PhoneNumber(summaryTo) }
        }
        for member in (body["attributes"]?.members ?? []).prefix(32) {
            wanted.attributes[String(member.key.prefix(64))] = member.value.string.map { String($0.prefix(500)) }
        }
        if let task = body["task"]?.string { wanted.attributes["task"] = String(task.prefix(500)) }
        return wanted
    }

    private static func number(_ name: String, _ read: () throws -> PhoneNumber) throws -> PhoneNumber {
        do { return try read() } catch { throw ServerError(.badRequest, "\(name) is no telephone number: \(error)") }
    }

    private static func status(_ code: TwilioError.Code) -> HTTPResponseStatus {
        switch code {
        case .missingCredential: .serviceUnavailable
        case .invalidNumber, .rejected: .unprocessableEntity
        case .notPermitted: .forbidden
        case .notFound: .notFound
        case .rateLimited: .tooManyRequests
        case .authentication, .unreachable: .badGateway
        case .unknownOutcome: .gatewayTimeout
        }
    }

    /// Ends a call: `POST /calls/{id}/hangup`.
    func hangUp(_ request: ServerRequest) async throws -> ServerResponse {
        let id = request.pathParameters["id"] ?? ""
        if let session = calls[id] {
            await session.end(.cancelled)
        } else if outbound.book[id] != nil, let rest {
            do { try await rest.hangUp(id) } catch let error as TwilioError {
                throw ServerError(Self.status(error.code), error.description)
            }
        } else {
            throw ServerError(.notFound, "there is no such call")
        }
        return ServerResponse(.noContent)
    }

    /// Hands a call on once the agent's last words have been heard: `POST /calls/{id}/transfer` with `{"to": "+1…"}`.
    func transfer(_ request: ServerRequest) async throws -> ServerResponse {
        let id = request.pathParameters["id"] ?? ""
        guard let session = calls[id] else { throw ServerError(.notFound, "there is no such call") }
        let body = try? JSONValue(parsing: request.body.readableBytesView)
        guard let number = body?["to"]?.string ?? parameters.outbound.transferTo else {
            throw ServerError(.badRequest, #"say where to: {"to": "+15550102"}, or set outbound.transfer_to"#)
        }
        let named = body?["mode"]?.string
        guard let mode = named.map({ TransferMode(rawValue: $0) }) ?? parameters.outbound.transferMode else {
            throw ServerError(.badRequest, #"'mode' is "cold" or "warm""#)
        }
        let to = try Self.number("to") { try PhoneNumber(number) }.description
        handOff(id, to: Transfer(to: to, mode, summary: body?["summary"]?.string))
        await session.end(.agentEnded)
        return .json(["call_sid": .string(id), "status": "transferring"], status: .accepted)
    }
}
