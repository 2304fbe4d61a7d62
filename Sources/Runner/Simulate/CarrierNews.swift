// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import PipelineKit

/// Tells simulated callers what the agent has said to them, where their line carries sound alone.
struct CarrierNews: SessionObserver {
    let carrier: Carrier

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        guard case .spoke(_, let heard, _, _) = event, !heard.isEmpty, let sid = call.attributes["call_sid"] else {
            return
        }
        Task { await carrier.agentSaid(heard, call: sid) }
    }
}
