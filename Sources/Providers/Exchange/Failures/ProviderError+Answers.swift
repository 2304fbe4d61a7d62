// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

extension ProviderError {
    /// What an answer with a status of failure means.
    ///
    /// - Parameters:
    ///   - headers: Names in lower case.
    ///   - body: The content, or its beginning; of any shape.
    ///   - secrets: What must not be in the message, such as the key, though the provider quotes it.
    package static func refused(
        _ status: Int, headers: [(name: String, value: String)], body: ByteBuffer, secrets: [Secret<String>] = []
    ) -> ProviderError {
        let headers = AnswerHeaders(headers)
        let text = ErrorText(body)
        let kind = headers.shouldRetry.map { $0 ? Kind.transient : .permanent } ?? kind(status, text.code)
        let message = "answered \(status)\(text.line(Redaction(secrets)))\(remedy(status, kind, text.code))"
        return ProviderError(
            kind, message, status: status, retryAfter: headers.retryAfter,
            requestID: headers.requestID)
    }

    /// What an error that came inside of an answer means, which had begun with a status of success.
    package static func inStream(_ body: ByteBuffer, secrets: [Secret<String>] = []) -> ProviderError {
        let text = ErrorText(body)
        let status = text.status ?? 0
        let kind = status >= 400 ? kind(status, text.code) : kind(named: text.code)
        return ProviderError(kind, "broke off its answer\(text.line(Redaction(secrets)))", status: text.status)
    }

    /// What the end of a socket means; `nil` when the connection broke.
    package static func closed(_ code: UInt16?, reason: String) -> ProviderError {
        let kind: Kind =
            switch code {
            case 1002, 1003, 1007, 1009, 1010: .malformed
            case 1008, .some(4400...4499): .permanent
            case 1013: .capacity
            default: .transient
            }
        let number = code.map { " with code \($0)" } ?? ""
        let words = reason.isEmpty ? "" : ": \(Redaction([]).clean(reason))"
        return ProviderError(kind, "closed the socket\(number)\(words)", status: code.map(Int.init))
    }

    private static func kind(_ status: Int, _ code: String) -> Kind {
        if isUnpaid(code) { return .permanent }
        return switch status {
        case 429, 498, 503, 529: .capacity
        case 408, 409, 425, 499, 500...: .transient
        default: .permanent
        }
    }

    /// The kinds of errors that come without a status.
    private static func kind(named code: String) -> Kind {
        if isUnpaid(code) { return .permanent }
        return switch code {
        case "rate_limit_error", "rate_limit_exceeded", "overloaded_error", "system_busy", "too_many_requests",
            "too_many_concurrent_requests":
            .capacity
        case "invalid_request_error", "authentication_error", "permission_error", "not_found_error", "invalid_api_key",
            "request_too_large", "context_length_exceeded", "exceed_context_size_error":
            .permanent
        default: .transient
        }
    }

    private static func isUnpaid(_ code: String) -> Bool {
        ["insufficient_quota", "quota_exceeded", "billing_error", "billing_hard_limit_reached", "payment_required"]
            .contains(code)
    }

    /// What whoever runs the pipeline can do.
    private static func remedy(_ status: Int, _ kind: Kind, _ code: String) -> String {
        if isUnpaid(code) { return "; the account has no credit left: add some, or use another" }
        return switch status {
        case 300..<400: "; base_url leads elsewhere: write the address that it leads to"
        case 401, 403: "; check api_key"
        case 402: "; the account has no credit left: add some, or use another"
        case 404: "; check base_url and the model's name"
        case 429 where kind == .capacity:
            "; more is asked than the account may: use fewer calls at once, or another plan"
        default: ""
        }
    }
}
