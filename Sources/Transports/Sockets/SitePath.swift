// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import PipelineKit

/// The paths that pipeline files give to transports.
enum SitePath {
    /// The path without its last slash, so that more can be put behind it; empty for the root.
    static func base(_ path: String) -> String { path.hasSuffix("/") ? String(path.dropLast()) : path }

    /// Reports a path that cannot be one.
    static func check(_ path: String, into issues: inout ParameterIssues) {
        let isPlain = path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/-_.~".contains($0)) }
        guard path.hasPrefix("/"), isPlain, !path.contains("//") else {
            return issues.error("path", "'\(path)' is not a path such as '/desk'; it begins with '/'")
        }
    }
}

/// Keeps pages of other sites from using a visitor's browser to call: browsers say which page opens a WebSocket.
///
/// Clients that are no browsers say nothing, and are let in.
enum OriginCheck {
    /// What a page of another site is told.
    static let refusal = "pages of this origin may not call; name it under the transport's 'origins' if it may"

    /// Whether the page that asks comes from this server, or from one of `origins`.
    static func allows(_ request: ServerRequest, _ origins: [String]) -> Bool {
        let base = request.publicBase
        return allows(
            request.headers["origin"], own: "\(base.isSecure ? "https" : "http")://\(base.authority)", origins)
    }

    /// Whether a page with these `Origin` headers may call a server whose address is `own`.
    static func allows(_ sent: [String], own: String, _ origins: [String]) -> Bool {
        guard let origin = sent.first?.lowercased() else { return true }
        guard sent.count == 1 else { return false }
        return origin == own.lowercased() || origins.contains { $0.lowercased() == origin }
    }
}
