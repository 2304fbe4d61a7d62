// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import NIOCore
import PipelineKit
import WebSockets

/// What the agent says.
extension RTVICall: CallOutput {
    func write(_ audio: Audio, at time: MediaTime) {
        guard let peer, audio.format == Self.output else { return }
        let waiting = Duration.samples(peer.bufferedBytes / 2, rate: Self.output.rateHz)
        switch gate.decide(waiting: waiting, now: time) {
        case .send: send(audio, peer)
        case .drop: AudioDrops.unsent.increment(by: Int64(audio.sampleCount))
        case .giveUp:
            // Not from within the session's call.
            eventLoop.execute { self.fail("the client does not take the agent's voice", .policyViolation) }
        }
    }

    private func send(_ audio: Audio, _ peer: any MessagePeer) {
        var samples = ByteBuffer()
        samples.reserveCapacity(audio.byteCount)
        samples.writeSamples(audio)
        switch framing {
        case .protobuf:
            let frame = RTVIFrame.Audio(samples: samples, rateHz: UInt64(Self.output.rateHz), channels: 1)
            peer.send(binary: RTVIFrame.audio(frame).bytes)
        case .json, nil:
            notify(.audio(Base64.encode(Array(samples.readableBytesView)), rateHz: Self.output.rateHz))
        }
    }

    func clear() {
        // Tells the client's players that know it; the others have little left to play.
        if framing == .protobuf { peer?.send(binary: RTVIFrame.interruption.bytes) }
    }

    func send(_ frame: Frame) {
        for notice in events.notices(of: frame) { notify(notice) }
    }

    func close(_ reason: EndReason) {
        if case .failed(let error) = reason { notify(.error(error.publicMessage, isFatal: true)) }
        finish()
    }
}

/// What happens in the session.
extension RTVICall: SessionObserver {
    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        if case .started = event { started() }
        for notice in events.notices(of: event, timestamp: Timestamp.now) { notify(notice) }
    }
}
