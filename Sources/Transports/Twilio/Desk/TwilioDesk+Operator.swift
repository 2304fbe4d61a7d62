// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit

/// What the operator's page asks for before and after it places a call.
extension TwilioDesk {
    /// Whether a call would be real, and why: `GET /call/mode?phone_number=+1…`.
    func mode(_ request: ServerRequest) -> ServerResponse {
        let number = request.query["phone_number"].flatMap { try? PhoneNumber(query: $0) }
        let mode = CallMode.choose(hasNumber: number != nil, missing: parameters.missing)
        return .json(["mode": .string(mode.name), "reason": .string(mode.reason)])
    }

    /// How far a call that was placed is: `GET /call/status/{id}`.
    func progress(_ request: ServerRequest) throws -> ServerResponse {
        let id = request.pathParameters["id"] ?? ""
        guard let entry = outbound.book[id] else { throw ServerError(.notFound, "there is no such call") }
        return .json([
            "call_sid": .string(id), "status": .string(entry.status), "over": .bool(outbound.book.isOver(id)),
            "answered_by": entry.answeredBy.map { .string($0) } ?? .null,
        ])
    }

    /// The words in a recording of the operator, 16-bit samples at 16 kHz: `POST /call/words`.
    func words(_ request: ServerRequest, _ host: any CallHost) async throws -> ServerResponse {
        let samples = request.body
        guard samples.readableBytes > 1, samples.readableBytes.isMultiple(of: 2) else {
            throw ServerError(.badRequest, "send 16-bit samples, least significant byte first, at 16000 Hz")
        }
        do {
            let text = try await host.words { Audio(format: .wideband, samples: samples) }
            return .json(["text": .string(text)])
        } catch let refusal as CallRefused {
            throw ServerError(.serviceUnavailable, "\(refusal.reason); type the task instead")
        }
    }
}
