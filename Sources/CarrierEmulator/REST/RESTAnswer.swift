// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// An answer of the carrier's interface.
struct RESTAnswer: Sendable {
    /// The status.
    var status: Int
    /// The body.
    var body: [UInt8]
    /// The media type.
    var contentType = "application/json"
    /// Where the answer leads, if it leads elsewhere.
    var location: String?

    /// An answer in JSON.
    init(_ status: Int, _ json: JSONValue) {
        self.status = status
        body = Array(json.description.utf8)
    }

    /// An answer with a file.
    init(file: [UInt8], contentType: String) {
        status = 200
        body = file
        self.contentType = contentType
    }

    /// An answer without a body.
    init(empty status: Int) {
        self.status = status
        body = []
    }

    /// An error in the carrier's words.
    static func error(_ status: Int, _ code: Int, _ message: String) -> RESTAnswer {
        RESTAnswer(
            status,
            [
                "code": .integer(code), "message": .string(message),
                "more_info": .string("https://www.twilio.com/docs/errors/\(code)"), "status": .integer(status),
            ])
    }

    /// There is no such thing.
    static func notFound(_ path: String) -> RESTAnswer {
        error(404, 20404, "The requested resource \(path) was not found")
    }
}
