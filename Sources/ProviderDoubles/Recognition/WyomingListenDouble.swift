// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers

/// A recogniser of the Wyoming protocol, as faster-whisper is: protocols/wyoming.md.
///
/// Answers after `audio-stop`, then closes the connection.
package struct WyomingListenDouble: ProviderDouble {
    private let hearing: DoubleHearing
    private let latency: Duration

    /// Creates a double.
    ///
    /// - Parameter latency: Time from the end of the audio to its text.
    package init(_ hearing: DoubleHearing, latency: Duration = .milliseconds(200)) {
        self.hearing = hearing
        self.latency = latency
    }

    package func dialled() -> any DoublePeer { WyomingListenPeer(hearing, latency) }
}

private final class WyomingListenPeer: DoublePeer {
    private let hearing: DoubleHearing
    private let latency: Duration
    private var decoder = WyomingDecoder()
    private var ear: DoubleEar?

    init(_ hearing: DoubleHearing, _ latency: Duration) {
        self.hearing = hearing
        self.latency = latency
    }

    func received(_ message: ProviderMessage) -> [DoubleStep] {
        guard case .binary(let bytes) = message, let events = try? decoder.take(bytes) else { return [.reset] }
        return events.flatMap(answer)
    }

    private func answer(_ event: WyomingEvent) -> [DoubleStep] {
        switch event.type {
        case "audio-chunk":
            guard let rate = event.data["rate"]?.integer, rate > 0 else { return [.reset] }
            var ear = ear ?? DoubleEar(hearing, rateHz: rate)
            ear.hear(event.payload.readableBytesView)
            self.ear = ear
            return []
        case "audio-stop":
            let text = ear?.take().map(\.text).joined(separator: " ") ?? ""
            let transcript = WyomingEvent("transcript", ["text": .string(text), "language": "en"])
            return [.wait(latency), .bytes(transcript.bytes), .close()]
        default: return []
        }
    }
}
