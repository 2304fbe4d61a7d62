// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The carrier's interface: places, changes and shows calls, and takes text messages.
struct CarrierAPI: Sendable {
    let carrier: CarrierState

    /// Answers an authorised request.
    func answer(_ method: String, _ path: [Substring], _ fields: [FormField]) async -> RESTAnswer {
        guard path.count >= 4, path[0] == "2010-04-01", path[1] == "Accounts",
            path[2] == carrier.environment.account.sid
        else { return .notFound("/" + path.joined(separator: "/")) }
        switch (method, path[3], path.count) {
        case ("POST", "Calls.json", 4): return place(fields)
        case ("GET", "Calls.json", 4): return await list()
        case ("POST", "Calls", 5): return await update(name(path[4]), fields)
        case ("GET", "Calls", 5): return await show(name(path[4]))
        case ("POST", "Messages.json", 4): return send(fields)
        case ("GET", "Recordings", 5): return recording(path[4])
        default: return .notFound("/" + path.joined(separator: "/"))
        }
    }

    private func name(_ part: Substring) -> String {
        String(part.hasSuffix(".json") ? part.dropLast(5) : part)
    }

    // MARK: Calls

    private func place(_ fields: [FormField]) -> RESTAnswer {
        do {
            let request = try CallRequest(fields, party: carrier.environment.party)
            guard let call = carrier.add(request.setup) else {
                return .error(429, 20429, "Too many concurrent calls")
            }
            return RESTAnswer(201, resource(call, .queued, duration: nil, answeredBy: nil))
        } catch {
            return error.answer
        }
    }

    private func update(_ sid: String, _ fields: [FormField]) async -> RESTAnswer {
        guard let call = carrier.call(sid) else { return .notFound("Calls/\(sid)") }
        let isDone: Bool
        if let wanted = fields["Status"] {
            guard let status = CallStatus(rawValue: wanted), status == .completed || status == .canceled else {
                return .error(400, 21218, "Invalid Status: \(wanted)")
            }
            isDone = await call.end(as: status)
        } else {
            do {
                isDone = await call.redirect(to: try CallRequest.program(fields))
            } catch {
                return error.answer
            }
        }
        guard isDone else { return .error(400, 21220, "Call is not in-progress. Cannot redirect.") }
        return await show(sid)
    }

    private func show(_ sid: String) async -> RESTAnswer {
        guard let call = carrier.call(sid) else { return .notFound("Calls/\(sid)") }
        return RESTAnswer(200, await resource(of: call))
    }

    private func list() async -> RESTAnswer {
        var calls: [JSONValue] = []
        for call in carrier.allCalls { calls.append(await resource(of: call)) }
        let path = "/2010-04-01/Accounts/\(carrier.environment.account.sid)/Calls.json"
        return RESTAnswer(
            200,
            [
                "calls": .array(calls), "page": 0, "page_size": 1000, "start": 0,
                "end": .integer(max(0, calls.count - 1)),
                "uri": .string(path), "first_page_uri": .string(path), "next_page_uri": .null,
                "previous_page_uri": .null,
            ])
    }

    private func resource(of call: CarrierCall) async -> JSONValue {
        let (status, duration, answeredBy) = await (call.status, call.duration, call.answeredBy)
        // The resource never says 'initiated'; only callbacks do.
        return resource(call, status == .initiated ? .queued : status, duration: duration, answeredBy: answeredBy)
    }

    private func resource(
        _ call: CarrierCall, _ status: CallStatus, duration: Duration?, answeredBy: String?
    ) -> JSONValue {
        let account = carrier.environment.account.sid
        let seconds = status.isFinal ? duration.map { JSONValue.string(String($0.components.seconds)) } : nil
        return [
            "sid": .string(call.sid), "account_sid": .string(account), "parent_call_sid": .null,
            "to": .string(call.setup.to), "to_formatted": .string(call.setup.to), "from": .string(call.setup.from),
            "from_formatted": .string(call.setup.from), "phone_number_sid": .null, "status": .string(status.rawValue),
            "direction": call.setup.isOutbound ? "outbound-api" : "inbound", "date_created": .null,
            "date_updated": .null, "start_time": .null, "end_time": .null, "duration": seconds ?? .null, "price": .null,
            "price_unit": "USD", "answered_by": answeredBy.map { .string($0) } ?? .null, "api_version": "2010-04-01",
            "annotation": .null, "forwarded_from": .null, "group_sid": .null, "caller_name": .null, "queue_time": "0",
            "trunk_sid": .null, "uri": .string("/2010-04-01/Accounts/\(account)/Calls/\(call.sid).json"),
            "subresource_uris": [
                "recordings": .string("/2010-04-01/Accounts/\(account)/Calls/\(call.sid)/Recordings.json"),
                "streams": .string("/2010-04-01/Accounts/\(account)/Calls/\(call.sid)/Streams.json"),
            ],
        ]
    }

    // MARK: Messages and recordings

    private func send(_ fields: [FormField]) -> RESTAnswer {
        guard let to = fields["To"], CallRequest.isAddress(to) else {
            return .error(400, 21211, "The 'To' number \(fields["To"] ?? "") is not a valid phone number.")
        }
        guard let from = fields["From"] ?? fields["MessagingServiceSid"] else {
            return .error(400, 21603, "A 'From' phone number is required.")
        }
        let body = fields["Body"] ?? ""
        guard !body.isEmpty else { return .error(400, 21602, "Message body is required.") }
        guard body.utf16.count <= 1600 else {
            return .error(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        }
        let message = CarrierMessage(
            sid: CarrierSID.make("SM"), from: from, to: to, body: body, segmentCount: MessageSegments.count(body))
        carrier.add(message)
        let account = carrier.environment.account.sid
        return RESTAnswer(
            201,
            [
                "sid": .string(message.sid), "account_sid": .string(account), "messaging_service_sid": .null,
                "to": .string(to), "from": .string(from), "body": .string(body),
                "num_segments": .string(String(message.segmentCount)), "num_media": "0", "status": "queued",
                "direction": "outbound-api", "date_created": .null, "date_updated": .null, "date_sent": .null,
                "price": .null, "price_unit": "USD", "error_code": .null, "error_message": .null,
                "api_version": "2010-04-01",
                "uri": .string("/2010-04-01/Accounts/\(account)/Messages/\(message.sid).json"),
            ])
    }

    private func recording(_ part: Substring) -> RESTAnswer {
        guard !part.hasSuffix(".mp3") else { return .notFound("Recordings/\(part)") }
        let sid = part.hasSuffix(".wav") ? part.dropLast(4) : part
        guard let file = carrier.environment.recordings.file(String(sid)) else { return .notFound("Recordings/\(sid)") }
        return RESTAnswer(file: file, contentType: "audio/x-wav")
    }
}
