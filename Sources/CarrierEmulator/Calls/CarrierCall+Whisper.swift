// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension CarrierCall {
    /// Documents that a callee may be led through.
    private static let whisperLimit = 10

    /// Lets a callee hear what the agent wants, before the two are joined; the caller hears ringing.
    ///
    /// The callee presses the keys of the first step of its script, if that presses any.
    ///
    /// - Returns: Whether the two are joined; the callee's document may have hung up.
    func whisper(_ action: TwiMLVerb.Action, to party: CallParty, sid: String) async throws -> Bool {
        let callerDocument = documentURL
        defer { documentURL = callerDocument }
        var next = action
        var extra: [FormField] = []
        for _ in 0..<Self.whisperLimit {
            guard let url = next.url.flatMap(address) else { return false }
            let names = [
                FormField("AccountSid", environment.account.sid), FormField("CallSid", sid),
                FormField("ParentCallSid", self.sid), FormField("CallStatus", "in-progress"),
            ]
            let answer = try await request(url, method: next.method, names + extra)
            guard (200..<300).contains(answer.status) else {
                throw CarrierWarning(11200, "\(url) answered \(answer.status)")
            }
            documentURL = url
            let document = try TwiMLReader.read(answer.body)
            for warning in document.warnings { note(.warning(warning)) }
            switch try await carryOut(document.verbs, party) {
            case .joined: return true
            case .hungUp: return false
            case .asked(let action, let fields): (next, extra) = (action, fields)
            }
        }
        return false
    }

    /// Where a callee's document leads.
    private enum WhisperStep {
        case joined
        case hungUp
        case asked(TwiMLVerb.Action, [FormField])
    }

    private func carryOut(_ verbs: [TwiMLVerb], _ party: CallParty) async throws -> WhisperStep {
        for verb in verbs {
            switch verb {
            case .say(let say): try await tell(say)
            case .pause(let duration): try await pass(duration)
            case .gather(let gather):
                for case .say(let say) in gather.prompts { try await tell(say) }
                if let keys = party.script.steps.first?.press, gather.takesKeys {
                    return .asked(gather.action, [FormField("Digits", String(keys.prefix(gather.numDigits ?? 32)))])
                }
                try await pass(gather.timeout)
            case .redirect(let url, let method): return .asked(.init(url: url, method: method), [])
            case .hangUp: return .hungUp
            default: throw CarrierWarning(12200, "'\(verb.name)' is not allowed before a callee is joined")
            }
        }
        return .joined
    }

    private func tell(_ say: TwiMLVerb.Say) async throws {
        note(.whispered(say.text))
        try await pass(RelaySpeech.perCharacter * say.text.count)
    }
}
