// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The files of the page, which are part of the binary.
enum BrowserPage {
    /// A file and how it is served.
    struct File: Sendable {
        /// The name behind the page's path; empty for the page itself.
        var name: String
        /// What the browser is told that it is.
        var contentType: String
        /// The file.
        var bytes: [UInt8]
    }

    /// Every file.
    static let files = [
        File(name: "", contentType: "text/html; charset=utf-8", bytes: PackageResources.page_html),
        File(name: "page.css", contentType: "text/css; charset=utf-8", bytes: PackageResources.page_css),
        script("page.js", PackageResources.page_js),
        script("audio.js", PackageResources.audio_js),
        script("capture.js", PackageResources.capture_js),
        script("connection.js", PackageResources.connection_js),
        script("conversation.js", PackageResources.conversation_js),
        script("desk.js", PackageResources.desk_js),
        script("intent.js", PackageResources.intent_js),
        script("listening.js", PackageResources.listening_js),
        script("playback.js", PackageResources.playback_js),
        script("transcript.js", PackageResources.transcript_js),
        script("turns.js", PackageResources.turns_js),
    ]

    private static func script(_ name: String, _ bytes: [UInt8]) -> File {
        File(name: name, contentType: "text/javascript; charset=utf-8", bytes: bytes)
    }

    /// Headers of every file: the page loads nothing from elsewhere, and nobody may frame it.
    static let headers = [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
                + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        ),
        ("permissions-policy", "microphone=(self), camera=(), geolocation=()"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-cache"),
    ]
}
