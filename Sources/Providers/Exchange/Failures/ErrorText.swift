// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// What the content of a failure says, whatever its shape: each provider has another, and gateways have none.
struct ErrorText: Equatable {
    /// The provider's word for the failure; empty if there is none.
    var code = ""
    /// The provider's sentence, or the beginning of the content.
    var message = ""
    /// The status, where the content bears one.
    var status: Int?

    /// Reads the content of an answer; never fails.
    init(_ body: ByteBuffer) {
        guard let json = try? JSONValue(parsing: body.readableBytesView), json.members != nil else {
            message = Self.plain(body)
            return
        }
        let error = json["error"]
        let inner = error?.members != nil ? error : json["detail"]?.members != nil ? json["detail"] : nil
        let places = [inner, json].compactMap(\.self)
        message = Self.first(["message", "msg", "err_msg", "error", "detail", "reason", "description"], places) ?? ""
        if message.isEmpty, let detail = json["detail"]?.array?.first?["msg"]?.string { message = detail }
        code = Self.first(["code", "err_code", "status", "type"], places) ?? ""
        status = places.lazy.compactMap { $0["code"]?.integer ?? $0["status_code"]?.integer }.first
        if message.isEmpty { message = Self.plain(body) }
    }

    /// Code and sentence behind what happened, without secrets.
    func line(_ redaction: Redaction) -> String {
        let (code, message) = (redaction.clean(code), redaction.clean(message))
        return (code.isEmpty ? "" : " (\(code))") + (message.isEmpty ? "" : ": \(message)")
    }

    /// The first text under one of the names; the outer `type` of some providers says no more than "error".
    private static func first(_ names: [String], _ places: [JSONValue]) -> String? {
        for place in places {
            for name in names {
                if let text = place[name]?.string, !text.isEmpty, text != "error" { return text }
            }
        }
        return nil
    }

    private static func plain(_ body: ByteBuffer) -> String {
        let text = String(decoding: body.readableBytesView.prefix(400), as: UTF8.self)
        // A gateway's page says nothing that its status does not.
        return text.contains("<html") || text.contains("<!DOCTYPE") || text.contains("<!doctype") ? "" : text
    }
}
