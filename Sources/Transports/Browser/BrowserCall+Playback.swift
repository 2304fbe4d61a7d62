// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// What the agent says, and what the page has heard of it.
extension BrowserCall: CallOutput {
    func write(_ audio: Audio, at time: MediaTime) {
        guard audio.format == output else { return }
        let isAdmitted = session.admits(audio, at: time, unheard: ledger.unheard) {
            self.fail(BrowserError(.tooSlow, "the page does not take the agent's voice"))
        }
        guard isAdmitted else { return }
        if let cut {
            notify(.audioResume(generation: ledger.generation, old: cut.generation, from: cut.position))
        } else if !isSounding {
            notify(.audioStart(generation: ledger.generation))
        }
        cut = nil
        isSounding = true
        var message = ByteBuffer()
        message.reserveCapacity(4 + audio.byteCount)
        message.writeInteger(ledger.generation, endianness: .little)
        message.writeSamples(audio)
        session.peer?.send(binary: message)
        ledger.write(audio.sampleCount, at: time)
    }

    func heard(at now: MediaTime) -> MediaTime { ledger.heardTime(at: now) }

    func clear() {
        cut = (ledger.generation, ledger.heard)
        ledger.flush()
        isSounding = false
        notify(.flush(generation: ledger.generation))
    }

    func send(_ frame: Frame) {
        if let started = frame[ResponseStarted.self] {
            turn = started.turn
            cut = nil
        } else if let words = frame[SpokenWords.self] {
            cut = nil
            notify(.words(words, turn: turn, generation: ledger.generation, position: ledger.written))
        } else if frame[ResponseEnded.self] != nil, isSounding {
            isSounding = false
            notify(.audioEnd(generation: ledger.generation))
        }
    }

    func close(_ reason: EndReason) {
        notify(.end(reason))
        session.finish()
    }
}

/// What happens in the session.
extension BrowserCall: SessionObserver {
    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        switch event {
        case .started: notify(.ready(session: id, title: title, input: input, output: output))
        case .agentSpeaking(let isSpeaking): isAgentSpeaking = isSpeaking
        default: break
        }
        notify(.event(event))
    }
}
