// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// The far end of a call that remembers what was written, what was taken back and so what was heard.
///
/// A harness that serves the call tells it the time. `@unchecked Sendable`: touched on the session's loop alone, and by
/// the test that drives it.
public final class RecordingOutput: CallOutput, @unchecked Sendable {
    /// A piece of audio and when it is heard.
    public struct Piece: Sendable, Equatable {
        /// The samples.
        public var audio: Audio
        /// When the first one is heard.
        public var start: MediaTime
        /// When the last one has been heard.
        public var end: MediaTime { start + audio.duration }
    }

    /// Everything that was written, heard or not, and when it was written.
    public private(set) var written: [(piece: Piece, writtenAt: MediaTime)] = []
    /// When what was not heard was taken back.
    public private(set) var cleared: [MediaTime] = []
    /// The frames that are not audio.
    public private(set) var frames: [Frame] = []
    /// Why the call was released: one entry for each time.
    public private(set) var closed: [EndReason] = []
    private var pieces: [Piece] = []
    private var clock: () -> MediaTime = { .zero }

    /// Creates an output that has heard nothing.
    public init() {}

    /// Reads the time from `clock` from now on; a harness that serves the call does this by itself.
    public func follow(_ clock: @escaping () -> MediaTime) { self.clock = clock }

    /// What has been heard up to now, in order; audio that was taken back is cut where the caller stopped hearing it.
    public var heard: [Piece] { Self.pieces(pieces, until: clock()) }

    /// The samples that have been heard up to now, without the pauses between them.
    public var heardSamples: [Int16] { heard.flatMap { $0.audio.withSamples(Array.init) } }

    public func write(_ audio: Audio, at time: MediaTime) {
        let piece = Piece(audio: audio, start: time)
        written.append((piece, clock()))
        pieces.append(piece)
    }

    public func clear() {
        cleared.append(clock())
        pieces = Self.pieces(pieces, until: clock())
    }

    public func send(_ frame: Frame) { frames.append(frame) }

    public func close(_ reason: EndReason) {
        pieces = Self.pieces(pieces, until: clock())
        closed.append(reason)
    }

    private static func pieces(_ pieces: [Piece], until time: MediaTime) -> [Piece] {
        pieces.compactMap { piece in
            guard piece.start < time else { return nil }
            let count = (time - piece.start).sampleCount(rate: piece.audio.format.rateHz)
            if count >= piece.audio.sampleCount { return piece }
            return count > 0 ? Piece(audio: piece.audio.slice(0..<count), start: piece.start) : nil
        }
    }
}
