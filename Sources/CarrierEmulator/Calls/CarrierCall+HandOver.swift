// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Verbs that give the call to somebody whom the agent does not dial.
extension CarrierCall {
    private static let talk = Duration.seconds(2)
    /// The longest that anybody waits in a queue.
    private static let longestWait = Duration.seconds(3600)

    /// Lets the caller wait in a queue: until whoever works on it answers, or for as long as the caller has patience.
    ///
    /// The party of `queue:` and the queue's name is the one who works on it.
    func enqueue(_ name: String, _ action: TwiMLVerb.Action) async throws -> Step {
        let party = environment.party("queue:\(name)")
        guard party.answer == .answers else {
            try await pass(Self.longestWait)
            return .hangUp
        }
        let begin = lineTime
        try await pass(party.ringing)
        let waited = lineTime - begin
        try await pass(Self.talk)
        note(.dialled("queue:\(name)", status: "bridged"))
        guard action.url != nil else { return .next }
        return step(
            to: action,
            [
                FormField("QueueResult", "bridged"), FormField("QueueSid", CarrierSID.make("QU")),
                FormField("QueueTime", String(waited.components.seconds)),
            ])
    }

    /// Asks the caller's SIP telephone to call somebody else, and reports how that went.
    func refer(to target: String, _ action: TwiMLVerb.Action) async throws -> Step {
        guard setup.from.hasPrefix("sip:") || setup.from.hasPrefix("sips:") else {
            throw CarrierWarning(13801, "Refer not allowed on non-SIP call legs")
        }
        let party = environment.party(target)
        try await pass(party.ringing)
        let isTaken = party.answer == .answers
        let status = isTaken ? "completed" : "failed"
        note(.dialled(target, status: status))
        guard action.url != nil else { return .hangUp }
        return step(
            to: action,
            [
                FormField("ReferCallStatus", status), FormField("ReferSipResponseCode", "202"),
                FormField("NotifySipResponseCode", isTaken ? "200" : "486"),
            ])
    }
}
