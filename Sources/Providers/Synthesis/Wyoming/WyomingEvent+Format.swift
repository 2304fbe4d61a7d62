// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension WyomingEvent {
    /// The format of the audio that the event bears or announces; `nil` when it says none that can be used.
    var format: AudioFormat? {
        guard let rate = data["rate"]?.integer, (4000...192_000).contains(rate), data["width"]?.integer ?? 2 == 2
        else { return nil }
        let channels = data["channels"]?.integer ?? 1
        guard (1...2).contains(channels) else { return nil }
        return AudioFormat(rateHz: rate, channels: channels)
    }
}
