// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The part of a pipeline that makes words of sound: its recognisers and what they need.
struct Recogniser: Sendable {
    /// The longest pause after a recording that a recogniser may want to hear.
    private static let silence = Duration.seconds(1)
    private static let period = Duration.milliseconds(20)

    let plan: CompiledPlan
    /// Ids of the processors that give transcripts.
    let sources: Set<String>

    /// The words in a recording.
    ///
    /// Takes as long as the computation: time is virtual. Holds the calling thread, so not for a loop.
    ///
    /// - Throws: What a processor's `init` throws, and the error that ended the recognition.
    func words(in recording: Audio) throws -> String {
        let listener = Listener()
        let tapped = plan.tapped(behind: sources) { _, _, frame in
            if let transcript = frame[Transcript.self] { listener.hear(transcript) }
        }
        let loop = SessionLoop.virtual()
        let call = Call(id: "recording", transport: "recording", inputFormat: recording.format, outputFormat: nil)
        let end = (recording.duration + Self.silence)
        let reason = try loop.runToCompletion {
            let session = try await Session.start(tapped, call: call, on: loop)
            await session.every(Self.period) { session in
                let start = session.now - Self.period
                session.push(Frame(audio: Self.piece(of: recording, from: start - .zero), at: start))
                guard session.now - .zero < end else {
                    session.end(.inputEnded)
                    return false
                }
                return true
            }
            return await session.ended().reason
        }
        if case .failed(let error) = reason { throw error }
        return listener.words
    }

    /// The 20 ms of a recording from a time on; silence where it is over.
    private static func piece(of recording: Audio, from start: Duration) -> Audio {
        let rate = recording.format.rateHz
        let first = min(start.sampleCount(rate: rate), recording.sampleCount)
        let last = min((start + period).sampleCount(rate: rate), recording.sampleCount)
        if last > first { return recording.slice(first..<last) }
        return Audio(format: recording.format, sampleCount: period.sampleCount(rate: rate)) { samples in
            samples.update(repeating: 0)
        }
    }

    private final class Listener: Sendable {
        private let pieces = Mutex<[String]>([])

        func hear(_ transcript: Transcript) {
            if transcript.isFinal, !transcript.text.isEmpty { pieces.withLock { $0.append(transcript.text) } }
        }

        var words: String { pieces.withLock { $0.joined(separator: " ") } }
    }
}
