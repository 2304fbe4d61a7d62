// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Feeds a recording into a session as a live caller would speak: 20 ms at a time, each when its last sample is due.
///
/// After the recording comes silence, until the conversation has been quiet for `tail`; then the session is asked to end.
///
/// `@unchecked Sendable`: after `init` touched by the session's loop alone, but for `reader`, which one piece of work on
/// the worker pool uses at a time.
final class FileInput: @unchecked Sendable {
    static let frameDuration = Duration.milliseconds(20)

    private let reader: SoundFileReader
    let format: AudioFormat
    private let tail: Duration
    private let longestTail: Duration
    private var block: Audio?
    private var blockOffset = 0
    private var ahead: Audio?
    private var isReading = false
    private var hasEnded = false
    private var framesSent = 0
    private var inputEnd: MediaTime?
    private var quietSince: MediaTime?
    /// Why reading broke off, if it did.
    private(set) var failure: (any Error)?

    init(_ reader: SoundFileReader, _ parameters: FileTransport.Parameters) {
        self.reader = reader
        tail = parameters.tail
        longestTail = parameters.longestTail
        format = reader.format
    }

    /// Reads the beginning, then lets the session's clock pace the rest.
    func start(_ session: Session) async {
        await readAhead(session.loop.workers)
        await session.every(Self.frameDuration) { self.beat($0) }
    }

    private func beat(_ session: isolated Session) -> Bool {
        if let audio = nextFrame() {
            push(audio, session)
        } else if hasEnded {
            if isOver(session) {
                session.end(endReason())
                return false
            }
            push(Audio(format: format, sampleCount: nextFrameLength) { _ in }, session)
        } else {
            framesSent += 1  // The disk is late: a gap, so that what follows keeps its pace.
        }
        if ahead == nil, !isReading, !hasEnded {
            isReading = true
            Task(executorPreference: session.loop) { [workers = session.loop.workers] in await self.readAhead(workers) }
        }
        return true
    }

    private func push(_ audio: Audio, _ session: isolated Session) {
        session.push(Frame(audio: audio, at: .zero + Self.frameDuration * framesSent))
        framesSent += 1
    }

    /// Samples between the next two multiples of 20 ms: at 11025 Hz 220 and 221 by turns.
    private var nextFrameLength: Int {
        let start = Self.frameDuration * framesSent
        return (start + Self.frameDuration).sampleCount(rate: format.rateHz) - start.sampleCount(rate: format.rateHz)
    }

    /// The recording's next 20 ms; the last ones are filled up with silence.
    ///
    /// `nil` when nothing is there.
    private func nextFrame() -> Audio? {
        if block == nil {
            block = ahead
            blockOffset = 0
            ahead = nil
        }
        guard let block else { return nil }
        let start = blockOffset
        let length = nextFrameLength
        let end = min(block.sampleCount, start + length)
        blockOffset = end
        if end == block.sampleCount { self.block = nil }
        let piece = start == 0 && end == block.sampleCount ? block : block.slice(start..<end)
        guard piece.sampleCount < length else { return piece }
        return Audio(format: format, sampleCount: length) { target in
            piece.withSamples { _ = target.update(fromContentsOf: $0) }
        }
    }

    /// Whether the conversation has been quiet for long enough, or has gone on for too long.
    private func isOver(_ session: isolated Session) -> Bool {
        let inputEnd = inputEnd ?? session.now
        self.inputEnd = inputEnd
        if session.now - inputEnd >= longestTail { return true }
        guard session.isQuiet else {
            quietSince = nil
            return false
        }
        let since = quietSince ?? session.now
        quietSince = since
        return session.now - since >= tail
    }

    private func endReason() -> EndReason {
        guard let failure else { return .inputEnded }
        return .failed(PipelineError(.badInput, String(describing: failure)))
    }

    /// Reads the next block on the worker pool.
    private func readAhead(_ workers: WorkerPool) async {
        do {
            // A second holds a whole number of frames at every rate, so that only the recording's last one is short.
            ahead = try await workers.run { [self] in try reader.read(format.rateHz) }
            hasEnded = ahead == nil
        } catch {
            failure = error
            hasEnded = true
        }
        isReading = false
    }
}
