// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import WebSockets

/// What the agent says.
extension RTVICall: CallOutput {
    func write(_ audio: Audio, at time: MediaTime) {
        guard audio.format == Self.output else { return }
        let isAdmitted = session.admits(audio, at: time) {
            self.fail("the client does not take the agent's voice", .policyViolation)
        }
        guard isAdmitted else { return }
        var samples = ByteBuffer()
        samples.reserveCapacity(audio.byteCount)
        samples.writeSamples(audio)
        switch framing {
        case .protobuf:
            let frame = RTVIFrame.Audio(samples: samples, rateHz: UInt64(Self.output.rateHz), channels: 1)
            session.peer?.send(binary: RTVIFrame.audio(frame).bytes)
        case .json, nil:
            notify(.audio(Base64.encode(Array(samples.readableBytesView)), rateHz: Self.output.rateHz))
        }
    }

    func clear() {
        // Tells the client's players that know it; the others have little left to play.
        if framing == .protobuf { session.peer?.send(binary: RTVIFrame.interruption.bytes) }
    }

    func send(_ frame: Frame) {
        for notice in events.notices(of: frame) { notify(notice) }
    }

    func close(_ reason: EndReason) {
        if case .failed(let error) = reason { notify(.error(error.publicMessage, isFatal: true)) }
        session.finish()
    }
}

/// What happens in the session.
extension RTVICall: SessionObserver {
    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        if case .started = event { started() }
        for notice in events.notices(of: event, timestamp: Timestamp.now) { notify(notice) }
    }
}
