// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import PipelineKit

/// A double's answer to a request.
package struct DoubleAnswer: Sendable {
    /// The status.
    package var status = 200
    /// Names in lower case.
    package var headers: [(name: String, value: String)] = []
    /// Time before the head is sent.
    package var delay = Duration.zero
    /// The content; its end follows by itself.
    package var body: [DoubleStep] = []

    /// Creates an answer.
    package init(
        status: Int = 200, contentType: String? = nil, delay: Duration = .zero, body: [DoubleStep] = []
    ) {
        self.status = status
        if let contentType { headers = [("content-type", contentType)] }
        self.delay = delay
        self.body = body
    }

    /// An answer in JSON.
    package static func json(_ value: JSONValue, status: Int = 200, delay: Duration = .zero) -> DoubleAnswer {
        DoubleAnswer(
            status: status, contentType: "application/json", delay: delay, body: [.text(value.description)])
    }

    /// What most providers answer when something is wrong.
    package static func error(
        _ status: Int, _ message: String, type: String = "invalid_request_error", code: JSONValue = .null,
        retryAfter: Int? = nil
    ) -> DoubleAnswer {
        var answer = json(
            ["error": ["message": .string(message), "type": .string(type), "param": .null, "code": code]],
            status: status)
        if let retryAfter { answer.headers.append(("retry-after", String(retryAfter))) }
        return answer
    }

    /// The provider has no such thing.
    package static func notFound(_ request: DoubleRequest) -> DoubleAnswer {
        error(404, "\(request.method) \(request.path) is unknown here", code: "not_found")
    }

    /// The content in one piece.
    var content: ByteBuffer {
        body.reduce(into: ByteBuffer()) { content, step in
            switch step {
            case .bytes(let bytes): content.writeImmutableBuffer(bytes)
            case .text(let text): content.writeString(text)
            default: break
            }
        }
    }
}
