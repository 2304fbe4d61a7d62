// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import PipelineKit

/// Writes what the far end hears to a sound file, each sample at the time at which it is heard.
///
/// Audio that was sent and then taken back by an interruption is not in the file.
///
/// `@unchecked Sendable`: after `init` touched by the session's loop alone, but for `writer`, which one piece of work on
/// the worker pool uses at a time.
final class FileOutput: CallOutput, @unchecked Sendable {
    private struct Slice {
        var audio: Audio
        var start: Int
    }

    private let writer: SoundFileWriter
    private let format: AudioFormat
    private let blocks: AsyncStream<Audio>
    private let finishedBlocks: AsyncStream<Audio>.Continuation
    private var waiting = Deque<Slice>()
    private var block: [Int16] = []
    private var position = 0
    private weak var session: Session?

    init(_ path: String, format: AudioFormat) throws {
        writer = try SoundFileWriter(path, format: format)
        self.format = format
        // A block is a second: a disk that stands still for a minute loses audio, not memory.
        (blocks, finishedBlocks) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(60))
    }

    /// Follows a session until it has ended and the file is complete.
    ///
    /// - Throws: ``SoundFileError``.
    func record(_ session: Session) async throws {
        await follow(session)
        var failure: (any Error)?
        for await block in blocks where failure == nil {
            do {
                try await session.loop.workers.run { [self] in try writer.write(block) }
            } catch {
                failure = error
            }
        }
        try await session.loop.workers.run { [self] in try writer.close() }
        if let failure { throw failure }
    }

    private func follow(_ session: isolated Session) {
        self.session = session
        session.every(.milliseconds(500)) { session in
            self.advance(to: session.now)
            return true
        }
    }

    // MARK: Sound

    func write(_ audio: Audio, at time: MediaTime) {
        guard audio.format == format else { return }
        waiting.append(Slice(audio: audio, start: sample(at: time)))
    }

    func clear() {
        guard let now = session?.assumeIsolated({ $0.now }) else { return }
        advance(to: now)
        if let first = waiting.first { add(first, until: sample(at: now)) }
        waiting.removeAll()
    }

    func close(_ reason: EndReason) {
        clear()
        if let now = session?.assumeIsolated({ $0.now }) { fill(until: sample(at: now)) }
        finishBlock()
        finishedBlocks.finish()
    }

    private func sample(at time: MediaTime) -> Int { (time - .zero).sampleCount(rate: format.rateHz) }

    /// Takes over what was heard whole by `now`.
    private func advance(to now: MediaTime) {
        let end = sample(at: now)
        while let first = waiting.first, first.start + first.audio.sampleCount <= end {
            waiting.removeFirst()
            add(first, until: .max)
        }
        if waiting.isEmpty { fill(until: end) }
    }

    /// Places a slice, or the part of it before `end`.
    private func add(_ slice: Slice, until end: Int) {
        fill(until: min(slice.start, end))
        // Times are rounded to samples: neighbours may overlap by one.
        let from = max(0, position - slice.start)
        let to = min(slice.audio.sampleCount, max(0, end - slice.start))
        guard to > from else { return }
        slice.audio.withSamples { block.append(contentsOf: $0[from..<to]) }
        position += to - from
        if block.count >= format.rateHz { finishBlock() }
    }

    /// Silence up to `end`.
    private func fill(until end: Int) {
        while position < end {
            let count = min(end - position, format.rateHz)
            block.append(contentsOf: repeatElement(0, count: count))
            position += count
            if block.count >= format.rateHz { finishBlock() }
        }
    }

    private func finishBlock() {
        guard !block.isEmpty else { return }
        finishedBlocks.yield(Audio(format: format, samples: block))
        block.removeAll(keepingCapacity: true)
    }
}
