// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What the headers of a failure say about trying again.
struct AnswerHeaders {
    /// How long the provider asks to be left alone.
    let retryAfter: Duration?
    /// The provider's own word on whether another try makes sense.
    let shouldRetry: Bool?
    /// The provider's name for the request.
    let requestID: String?

    /// Reads headers whose names are in lower case.
    init(_ headers: [(name: String, value: String)]) {
        func value(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        let milliseconds = value("retry-after-ms").flatMap { Double($0) }
        // A date instead of seconds is not read: the clock of neither side is known to be right.
        let seconds = value("retry-after").flatMap { Double($0) }
        retryAfter = Self.wait(milliseconds.map { $0 / 1000 } ?? seconds)
        shouldRetry = value("x-should-retry").flatMap { Bool($0) }
        let identifier = value("x-request-id") ?? value("request-id") ?? value("dg-request-id")
        requestID = identifier.map { String($0.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 }.prefix(100)) }
    }

    private static func wait(_ seconds: Double?) -> Duration? {
        guard let seconds, seconds.isFinite, seconds >= 0 else { return nil }
        return .milliseconds(Int64(min(seconds, 7 * 24 * 3600) * 1000))
    }
}
