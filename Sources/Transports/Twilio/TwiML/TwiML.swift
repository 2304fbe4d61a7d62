// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What Twilio is to do with a call: a document of verbs, done in order; at the end the call is hung up.
///
/// - SeeAlso: https://www.twilio.com/docs/voice/twiml
struct TwiML: Sendable, Equatable {
    /// The content type of an answer that is such a document.
    static let contentType = "text/xml; charset=utf-8"

    /// The verbs, in order.
    var verbs: [XMLElement]

    /// Creates a document.
    init(_ verbs: any TwiMLVerb...) { self.verbs = verbs.map(\.element) }

    /// Creates a document.
    init(_ verbs: [any TwiMLVerb]) { self.verbs = verbs.map(\.element) }

    /// The document as text.
    var text: String {
        #"<?xml version="1.0" encoding="UTF-8"?>"# + XMLElement("Response", children: verbs).text
    }
}

/// Something that Twilio can do with a call.
protocol TwiMLVerb: Sendable {
    /// The verb as it is written.
    var element: XMLElement { get }
}
