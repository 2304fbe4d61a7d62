// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What an agent asks for when it places a call, checked as the carrier checks it.
struct CallRequest {
    /// The longest document that may come along with a request.
    private static let longestDocument = 4000

    /// The call.
    let setup: CallSetup

    /// Reads the form of a request.
    ///
    /// - Throws: ``Refusal`` with the carrier's code.
    init(_ fields: [FormField], party: (String) -> CallParty) throws(Refusal) {
        guard let to = fields["To"], !to.isEmpty else { throw Refusal(21201, "No 'To' number is specified") }
        guard Self.isAddress(to) else { throw Refusal(21211, "The 'To' number \(to) is not a valid phone number.") }
        guard let from = fields["From"], !from.isEmpty else { throw Refusal(21213, "No 'From' number is specified") }
        guard Self.isAddress(from) else {
            throw Refusal(21212, "The 'From' number \(from) is not a valid phone number.")
        }
        var setup = CallSetup(try Self.program(fields), from: from, to: to, party: party(to))
        setup.isOutbound = true
        setup.fallbackURL = fields["FallbackUrl"]
        setup.statusCallback = fields["StatusCallback"]
        let events = fields.filter { $0.name == "StatusCallbackEvent" }.flatMap { $0.value.split(separator: " ") }
        if !events.isEmpty { setup.statusEvents = Set(events.map { String($0) }) }
        if let timeout = fields["Timeout"] {
            guard let seconds = Int(timeout), (1...600).contains(seconds) else {
                throw Refusal(21216, "Timeout must be a number of seconds up to 600")
            }
            setup.ringLimit = .seconds(seconds)
        }
        if fields["MachineDetection"] != nil {
            let callback = fields["AsyncAmd"] == "true" ? fields["AsyncAmdStatusCallback"] : nil
            setup.machineDetection = callback.map { .reported(to: $0) } ?? .blocking
        }
        self.setup = setup
    }

    /// The instructions that a request bears: `Twiml` comes before `Url`.
    ///
    /// - Throws: ``Refusal``.
    static func program(_ fields: [FormField]) throws(Refusal) -> CallSetup.Program {
        if let document = fields["Twiml"] {
            guard document.count <= longestDocument else { throw Refusal(21623, "Twiml has more than 4000 characters") }
            return .document(document)
        }
        guard let url = fields["Url"] else { throw Refusal(21205, "Url parameter is required.") }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw Refusal(21205, "Url is not a valid URL: \(url)")
        }
        return .url(url, method: fields["Method"] ?? "POST")
    }

    /// Whether a call can be placed to it: E.164, SIP or a client.
    static func isAddress(_ text: String) -> Bool {
        if text.hasPrefix("sip:") || text.hasPrefix("client:") { return text.count > 7 }
        guard text.hasPrefix("+"), (2...15).contains(text.count - 1) else { return false }
        let digits = text.dropFirst()
        return digits.first != "0" && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Why a request is refused.
    struct Refusal: Error {
        /// The carrier's code.
        var code: Int
        /// The carrier's words.
        var message: String

        /// Creates a refusal.
        init(_ code: Int, _ message: String) {
            self.code = code
            self.message = message
        }

        /// The answer to the request.
        var answer: RESTAnswer { .error(400, code, message) }
    }
}
