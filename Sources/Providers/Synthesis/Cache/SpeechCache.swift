// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// Keeps the speech of sentences, so that what is said in every call is synthesised once.
///
/// Shared by the sessions of a process. Holds at most `capacityBytes`: what was not asked for the longest goes first.
final class SpeechCache: Sendable {
    /// What speech is kept under: everything that decides how it sounds.
    struct Key: Hashable, Sendable {
        /// The provider, its address, its model, its voice and their settings; no key.
        var voice: String
        /// The format of the audio.
        var format: AudioFormat
        /// The sentence.
        var text: String
    }

    /// A part of a sentence's speech, in the order in which it was emitted.
    enum Part: Sendable, Equatable {
        /// The words of the audio that follows.
        case words(SpokenWords)
        /// At most 20 ms.
        case audio(Audio)
    }

    private struct Entry {
        var parts: [Part]
        var byteCount: Int
        var lastUse: Int
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var byteCount = 0
        var uses = 0
        var rendering: Set<Key> = []
    }

    /// What the sessions of the process share: about an hour of telephone audio, or 20 minutes of 24 kHz.
    static let shared = SpeechCache(capacityBytes: 64 << 20)
    /// Speech that is longer than any phrase worth keeping.
    static let longestEntryBytes = 4 << 20

    /// Bytes of audio, with what it takes to describe it, that are kept at most.
    let capacityBytes: Int
    private let state = Mutex(State())

    /// Creates an empty cache.
    init(capacityBytes: Int) { self.capacityBytes = capacityBytes }

    /// Bytes that are kept now.
    var byteCount: Int { state.withLock { $0.byteCount } }
    /// Sentences that are kept now.
    var count: Int { state.withLock { $0.entries.count } }

    /// The speech of a sentence, if it is kept.
    func speech(for key: Key) -> [Part]? {
        state.withLock { state in
            state.uses += 1
            state.entries[key]?.lastUse = state.uses
            return state.entries[key]?.parts
        }
    }

    /// Keeps the speech of a sentence that was synthesised whole.
    func keep(_ parts: [Part], for key: Key) {
        let byteCount = parts.reduce(key.text.utf8.count + 128) { $0 + Self.byteCount(of: $1) }
        guard byteCount <= min(Self.longestEntryBytes, capacityBytes) else { return }
        state.withLock { state in
            state.uses += 1
            state.byteCount += byteCount - (state.entries[key]?.byteCount ?? 0)
            state.entries[key] = Entry(parts: parts, byteCount: byteCount, lastUse: state.uses)
            while state.byteCount > capacityBytes,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.entries[oldest.key] = nil
                state.byteCount -= oldest.value.byteCount
            }
        }
    }

    /// Whether the caller is the one to render a sentence: it is not kept, and nobody else renders it now.
    func beginRendering(_ key: Key) -> Bool {
        state.withLock { $0.entries[key] == nil && $0.rendering.insert(key).inserted }
    }

    /// Ends what ``beginRendering(_:)`` began, however it went.
    func endRendering(_ key: Key) { state.withLock { _ = $0.rendering.remove(key) } }

    private static func byteCount(of part: Part) -> Int {
        switch part {
        case .words(let words): words.words.reduce(words.text.utf8.count + 64) { $0 + $1.text.utf8.count + 48 }
        case .audio(let audio): audio.byteCount + 64
        }
    }
}
