// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension CarrierCall {
    /// Redirects and actions of one request; what HTTP itself redirects is followed below this.
    private static let verbLimit = 1000

    /// Carries out a document, from its first verb to one that leads away or to its end.
    func carryOut(_ program: CallSetup.Program, _ fields: [FormField]) async -> Step {
        do {
            let document = try await document(program, fields)
            for warning in document.warnings { note(.warning(warning)) }
            for verb in document.verbs.prefix(Self.verbLimit) {
                let step = try await perform(verb)
                guard case .next = step else { return step }
            }
        } catch let warning as CarrierWarning {
            // A request that was cut short because the call ended is nobody's fault.
            if !Task.isCancelled { note(.warning(warning)) }
        } catch {
            // The call was ended or redirected, or the caller hung up.
        }
        return .hangUp
    }

    private func document(
        _ program: CallSetup.Program, _ fields: [FormField]
    ) async throws(CarrierWarning) -> TwiMLReader.Document {
        switch program {
        case .document(let text): return try TwiMLReader.read(Array(text.utf8))
        case .url(let url, let method):
            do {
                return try await fetch(url, method, fields)
            } catch {
                guard let fallback = setup.fallbackURL, fallback != url, error.code != 12200 else { throw error }
                note(.warning(error))
                let reason = [FormField("ErrorCode", String(error.code)), FormField("ErrorUrl", url)]
                return try await fetch(fallback, "POST", fields + reason)
            }
        }
    }

    private func fetch(
        _ url: String, _ method: String, _ fields: [FormField]
    ) async throws(CarrierWarning) -> TwiMLReader.Document {
        documentURL = url
        // An inbound call is answered by carrying out the first verb.
        let answer = try await request(url, method: method, standardFields() + fields)
        guard (200..<300).contains(answer.status) else {
            throw CarrierWarning(11200, "\(url) answered \(answer.status)")
        }
        switch answer.contentType {
        case "text/xml", "application/xml", "text/html": return try TwiMLReader.read(answer.body)
        case "text/plain":
            return TwiMLReader.Document(
                verbs: [.say(.init(text: String(decoding: answer.body, as: UTF8.self)))], warnings: [])
        default: throw CarrierWarning(12300, "\(url) answered with '\(answer.contentType)', not with text/xml")
        }
    }

    private func perform(_ verb: TwiMLVerb) async throws -> Step {
        note(.verb(verb.name))
        switch verb {
        case .say(let say):
            try await prompt(.say(say), listening: false)
            return .next
        case .play, .pause:
            try await prompt(verb, listening: false)
            return .next
        case .gather(let gather): return try await perform(gather)
        case .record(let record): return try await perform(record)
        case .dial(let dial): return try await perform(dial)
        case .enqueue(let name, let action): return try await enqueue(name, action)
        case .refer(let target, let action): return try await refer(to: target, action)
        case .stream(let stream): return try await perform(stream)
        case .relay(let relay): return try await perform(relay)
        case .redirect(let url, let method):
            guard let address = address(url) else { throw CarrierWarning(12200, "'Redirect' has no address") }
            return .document(.url(address, method: method), [])
        case .hangUp: return .hangUp
        case .reject(let reason):
            _ = end(as: reason == "busy" ? .busy : .failed)
            return .hangUp
        }
    }

    /// The step that an `action` leads to.
    func step(to action: TwiMLVerb.Action, _ fields: [FormField]) -> Step {
        guard let url = address(action.url ?? documentURL) else { return .next }
        return .document(.url(url, method: action.method), fields)
    }

    /// An absolute address; relative ones count from the document.
    func address(_ url: String) -> String? {
        guard !url.isEmpty else { return nil }
        if url.contains("://") { return url }
        guard let scheme = documentURL.range(of: "://") else { return nil }
        let rest = documentURL[scheme..<documentURL.endIndex]
        let originEnd = rest.firstIndex(of: "/") ?? documentURL.endIndex
        if url.hasPrefix("/") { return documentURL[..<originEnd] + url }
        let path = documentURL.prefix { $0 != "?" && $0 != "#" }
        let folderEnd = path.lastIndex(of: "/").map { $0 < originEnd ? originEnd : $0 } ?? originEnd
        return documentURL[..<folderEnd] + "/" + url
    }
}

extension TwiMLVerb {
    /// The verb's name.
    var name: String {
        switch self {
        case .say: "Say"
        case .play: "Play"
        case .pause: "Pause"
        case .gather: "Gather"
        case .record: "Record"
        case .dial: "Dial"
        case .enqueue: "Enqueue"
        case .refer: "Refer"
        case .stream: "Connect/Stream"
        case .relay: "Connect/ConversationRelay"
        case .redirect: "Redirect"
        case .hangUp: "Hangup"
        case .reject: "Reject"
        }
    }
}

extension String {
    /// Where what follows the first occurrence of a text begins.
    fileprivate func range(of text: String) -> Index? {
        for index in indices where self[index...].hasPrefix(text) { return self.index(index, offsetBy: text.count) }
        return nil
    }
}
