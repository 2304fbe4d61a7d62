// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// What all calls of a carrier share.
struct CallEnvironment: Sendable {
    /// The account.
    let account: CarrierAccount
    /// Requests to the agent.
    let webhooks: WebhookClient
    /// Where sockets live.
    let group: any EventLoopGroup
    /// The time of lines that carry text.
    let clock: CarrierClock
    /// Recordings, and where they are served.
    let recordings: RecordingStore
    /// Who answers when an agent, or a `<Dial>`, calls a number.
    let party: @Sendable (String) -> CallParty
    /// Time after a recording until its transcription comes.
    let transcriptionDelay: Duration
    /// Whether recordings are given only to who proves to be the account.
    let protectsRecordings: Bool
    /// Whether addresses without TLS are accepted, as they are on a machine of one's own.
    let allowsPlainText: Bool
}
