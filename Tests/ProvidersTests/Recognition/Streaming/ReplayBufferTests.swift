// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Providers

struct ReplayBufferTests {
    private func audio(_ index: Int) -> ReplayBuffer.Entry {
        .audio(Frame(audio: .silence(.milliseconds(100), format: .wideband), at: .zero + .milliseconds(100 * index)))
    }

    private func began(_ index: Int) -> ReplayBuffer.Entry {
        let time = MediaTime.zero + .milliseconds(100 * index)
        return .began(Frame(VoiceActivity(.speechStarted, at: time), at: time))
    }

    private func ended(_ index: Int, _ utterance: Int) -> ReplayBuffer.Entry {
        let time = MediaTime.zero + .milliseconds(100 * index)
        return .ended(Frame(VoiceActivity(.speechStopped, at: time), at: time), utterance: utterance)
    }

    /// Where the frames lie, in tenths of a second; edges with their names.
    private func content(_ buffer: ReplayBuffer) -> [String] {
        buffer.frames.map { frame in
            let place = "\(frame.mediaTime.nanoseconds / 100_000_000)"
            return frame[VoiceActivity.self].map { $0.edge == .speechStarted ? "(" + place : place + ")" } ?? place
        }
    }

    @Test func keepsTheLatestAudio() {
        var buffer = ReplayBuffer(limit: .milliseconds(300))
        let dropped = (0..<4).map { buffer.append(audio($0)) }
        #expect(dropped == [false, false, false, true])
        #expect(content(buffer) == ["1", "2", "3"])
    }

    @Test func theEdgesOfUtterancesKeepTheirPlaces() {
        var buffer = ReplayBuffer(limit: .milliseconds(200))
        for entry in [began(0), audio(0), ended(1, 1), audio(1), audio(2), began(3), audio(3)] { buffer.append(entry) }
        #expect(content(buffer) == ["(0", "1)", "2", "(3", "3"])
    }

    @Test func forgetsAudioWhoseWordsAreFinalAndNotWhatIsBehindAnUnansweredEnd() {
        var buffer = ReplayBuffer(limit: .seconds(9))
        for entry in [began(0), audio(0), audio(1), audio(2), ended(3, 1), audio(3)] { buffer.append(entry) }
        buffer.confirm(upTo: .zero + .milliseconds(250))
        #expect(content(buffer) == ["(0", "2", "3)", "3"])
        buffer.confirm(upTo: .zero + .seconds(1))
        #expect(content(buffer) == ["(0", "3)", "3"])
    }

    @Test func forgetsAnUtteranceAndWhatCameBeforeIt() {
        var buffer = ReplayBuffer(limit: .seconds(9))
        for entry in [began(0), audio(0), ended(1, 1), began(1), audio(1), ended(2, 2), audio(2)] {
            buffer.append(entry)
        }
        buffer.confirm(utterance: 1)
        #expect(content(buffer) == ["(1", "1", "2)", "2"])
        buffer.confirm(utterance: 7)
        #expect(content(buffer) == ["(1", "1", "2)", "2"])
        // What was dropped with it no longer counts.
        buffer.confirm(utterance: 2)
        #expect(content(buffer) == ["2"])
    }
}
