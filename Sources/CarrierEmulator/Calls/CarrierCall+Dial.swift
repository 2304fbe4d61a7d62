// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension CarrierCall {
    /// How long somebody who was dialled talks.
    private static let talk = Duration.seconds(2)

    /// Connects somebody else, and reports how that went.
    func perform(_ dial: TwiMLVerb.Dial) async throws -> Step {
        guard let target = dial.targets.first, !target.isEmpty else {
            throw CarrierWarning(13224, "'Dial' has nobody to connect")
        }
        let party = environment.party(target)
        let isAnswered = party.answer == .answers && party.ringing <= dial.timeout
        try await pass(isAnswered || party.answer != .noAnswer ? min(party.ringing, dial.timeout) : dial.timeout)
        let sid = CarrierSID.make("CA")
        var isBridged = isAnswered
        if isAnswered, let whisper = dial.whisper { isBridged = try await self.whisper(whisper, to: party, sid: sid) }
        if isBridged { try await pass(Self.talk) }
        let status = isAnswered ? "completed" : Self.word(party.answer)
        note(.dialled(target, status: status))
        guard dial.action.url != nil else { return .next }
        var fields = [
            FormField("DialCallStatus", status), FormField("DialCallSid", sid),
            FormField("DialBridged", isBridged ? "true" : "false"),
        ]
        if isAnswered { fields.append(FormField("DialCallDuration", String(Self.talk.components.seconds))) }
        return step(to: dial.action, fields)
    }

    private static func word(_ answer: CallParty.Answer) -> String {
        switch answer {
        case .answers, .noAnswer: "no-answer"
        case .busy: "busy"
        case .fails: "failed"
        }
    }
}
