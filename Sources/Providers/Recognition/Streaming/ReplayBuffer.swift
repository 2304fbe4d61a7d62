// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import PipelineKit

/// The caller's audio since the provider's last final words, to be sent again on a new connection.
///
/// Holds at most `limit` of audio; the oldest goes first.
struct ReplayBuffer {
    /// What was sent, or is to be.
    enum Entry {
        /// A frame of audio.
        case audio(Frame)
        /// The beginning of an utterance; another recogniser would need it.
        case began(Frame)
        /// The end of an utterance; the provider was asked for its words.
        case ended(Frame, utterance: Int)
    }

    private let limit: Duration
    private var duration = Duration.zero
    private(set) var entries: Deque<Entry> = []

    /// Creates an empty buffer.
    init(limit: Duration) { self.limit = limit }

    /// What was heard and not answered.
    var frames: [Frame] { entries.map(\.frame) }

    /// Adds an entry.
    ///
    /// - Returns: Whether audio had to go for it.
    @discardableResult
    mutating func append(_ entry: Entry) -> Bool {
        entries.append(entry)
        duration += entry.duration
        var hasDropped = false
        // The edges of utterances keep their places: they still have to be answered.
        while duration > limit, let oldest = entries.firstIndex(where: \.isAudio) {
            remove(at: oldest)
            hasDropped = true
        }
        return hasDropped
    }

    /// Forgets the audio that ends at or before `time`: its words are final.
    mutating func confirm(upTo time: MediaTime) {
        var index = 0
        while index < entries.count {
            switch entries[index] {
            case .audio(let frame) where frame.endTime <= time: remove(at: index)
            case .began: index += 1
            case .audio, .ended: return
            }
        }
    }

    /// Forgets an utterance, and what came before its end.
    mutating func confirm(utterance: Int) {
        let last = entries.lastIndex { entry in
            if case .ended(_, utterance: utterance) = entry { true } else { false }
        }
        guard let last else { return }
        for _ in 0...last { remove(at: 0) }
    }

    private mutating func remove(at index: Int) { duration -= entries.remove(at: index).duration }
}

extension ReplayBuffer.Entry {
    /// The frame that brought the entry.
    var frame: Frame {
        switch self {
        case .audio(let frame), .began(let frame), .ended(let frame, utterance: _): frame
        }
    }

    fileprivate var isAudio: Bool { if case .audio = self { true } else { false } }

    fileprivate var duration: Duration {
        guard case .audio(let frame) = self else { return .zero }
        return frame.endTime - frame.mediaTime
    }
}
