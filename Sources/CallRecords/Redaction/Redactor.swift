// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Makes secrets and digits unreadable before anything is written.
public struct Redactor: Sendable {
    /// Secrets shorter than this would hide ordinary words.
    private static let shortestSecret = 4

    private let secrets: [String]
    private let digits: DigitRedactor?

    /// Takes what is to be hidden.
    public init(secrets: [String] = [], digits: PipelineRecords.Redaction = .nothing) {
        // The longest first: one secret may be part of another.
        self.secrets = Set(secrets).filter { $0.utf8.count >= Self.shortestSecret }
            .sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
        self.digits = DigitRedactor(digits)
    }

    /// Hides numbers that go over several utterances; `nil` when all digits are hidden, or none.
    func makeOpenNumbers() -> OpenNumbers? {
        guard let digits, !digits.hidesAll else { return nil }
        return OpenNumbers(self, digits)
    }

    /// The text with secrets as `***` and digits as `#`.
    public func redact(_ text: String) -> String { redact(text, before: 0, after: 0) }

    /// The same, when a number goes over the text's ends by so many digits.
    func redact(_ text: String, before: Int, after: Int) -> String {
        let text = hideSecrets(text)
        return digits?.redact(text, before: before, after: after) ?? text
    }

    private func hideSecrets(_ text: String) -> String {
        secrets.reduce(text) { text, secret in
            let parts = text.split(separator: secret, omittingEmptySubsequences: false)
            return parts.count == 1 ? text : parts.joined(separator: "***")
        }
    }

    /// The entry with everything hidden that people or machines may read in it; only the numbers of caller and callee and
    /// what names the call are left.
    func redact(_ entry: CallEntry) -> CallEntry {
        guard digits != nil || !secrets.isEmpty else { return entry }
        var entry = entry
        for (name, value) in entry.call.attributes where name != "call_sid" {
            entry.call.attributes[name] = redact(value)
        }
        switch entry.item {
        case .began, .turn: break
        case .utterance(var utterance):
            utterance.heard = redact(utterance.heard)
            utterance.planned = redact(utterance.planned)
            entry.item = .utterance(utterance)
        case .toolCall(var call):
            call.arguments = redact(call.arguments)
            call.result = call.result.map(redact)
            entry.item = .toolCall(call)
        case .event(var event):
            event.text = event.text.map(redact)
            entry.item = .event(event)
        case .ended(var end):
            end.error = end.error.map(redact)
            entry.item = .ended(end)
        }
        return entry
    }
}
