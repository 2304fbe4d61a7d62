// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule

/// Audio between the agent and the caller's ear: what was sent and is not heard yet, and what was heard of each sentence.
///
/// Knows no clock; times are the session's. A slice is at most 20 ms. Holds at most the speaker's lead and what the far
/// end has still to confirm.
struct PlaybackBuffer {
    /// A piece of audio that was given to the transport.
    struct Slice {
        var audio: Audio
        var header: FrameHeader
        var start: MediaTime
        var sentence: Int
        var end: MediaTime { start + audio.duration }
    }

    /// A sentence of which something is or will be heard.
    struct Sentence {
        let number: Int
        let words: SpokenWords
        /// Whether an interruption leaves what is still to come of it.
        let isUninterruptible: Bool
        var heard = Duration.zero
        /// Whether all of its audio has been given to the buffer.
        var isComplete = false
    }

    private(set) var slices = Deque<Slice>()
    private(set) var sentences = Deque<Sentence>()
    private var sentenceCount = 0
    /// When the next sample that is added is heard.
    private(set) var playhead = MediaTime.zero

    var isEmpty: Bool { slices.isEmpty }
    /// The number of the sentence whose audio comes in.
    var currentSentence: Int { sentenceCount }

    /// A sentence's audio follows.
    mutating func begin(_ words: SpokenWords, isUninterruptible: Bool = false) {
        completeSentences()
        sentenceCount += 1
        sentences.append(Sentence(number: sentenceCount, words: words, isUninterruptible: isUninterruptible))
    }

    /// No more audio of the sentences so far follows.
    mutating func completeSentences() {
        for index in sentences.indices { sentences[index].isComplete = true }
    }

    /// Adds audio that is heard right after what is there, but not before `now`.
    ///
    /// - Returns: When that is.
    mutating func append(_ audio: Audio, _ header: FrameHeader, sentence: Int, now: MediaTime) -> MediaTime {
        playhead = max(playhead, now)
        let start = playhead
        slices.append(Slice(audio: audio, header: header, start: start, sentence: sentence))
        playhead += audio.duration
        return start
    }

    /// When the slice ends that is due to be heard at `now`; `nil` when all of them should have been heard.
    func nextEnd(after now: MediaTime) -> MediaTime? {
        slices.reversed().prefix { $0.end > now }.last?.end
    }

    /// Takes out the next slice that was heard whole, all being heard up to `cursor`.
    mutating func popHeard(upTo cursor: MediaTime) -> Slice? {
        guard let first = slices.first, first.end <= cursor else { return nil }
        slices.removeFirst()
        count(first)
        return first
    }

    /// Takes out the heard part of the slice in which `cursor` lies.
    mutating func cut(at cursor: MediaTime) -> Slice? {
        guard var first = slices.first, first.start < cursor else { return nil }
        let heard = min((cursor - first.start).sampleCount(rate: first.audio.format.rateHz), first.audio.sampleCount)
        guard heard > 0, first.audio.format.encoding != .opus else { return nil }
        slices[0].audio = first.audio.slice(heard..<first.audio.sampleCount)
        slices[0].start = first.start + .samples(heard, rate: first.audio.format.rateHz)
        first.audio = first.audio.slice(0..<heard)
        count(first)
        return first
    }

    private mutating func count(_ slice: Slice) {
        guard let index = sentences.firstIndex(where: { $0.number == slice.sentence }) else { return }
        sentences[index].heard += slice.audio.duration
    }

    /// Takes out everything that was sent and is not heard; the next sample is heard at `now`.
    mutating func takeUnheard(now: MediaTime) -> [Slice] {
        defer { slices.removeAll(keepingCapacity: true) }
        playhead = now
        return Array(slices)
    }

    /// Takes out the next sentence that was heard whole.
    ///
    /// `pending` is the sentence of audio that was not added yet.
    mutating func popSpoken(pending: Int?) -> Sentence? {
        guard let first = sentences.first, first.isComplete, pending != first.number,
            !slices.contains(where: { $0.sentence == first.number })
        else { return nil }
        return sentences.removeFirst()
    }

    /// Takes out the sentences of a reply that was cut, and returns those of which something was heard.
    ///
    /// - Parameter keepsUninterruptible: Whether those stay that interruptions leave alone.
    mutating func takeCutSentences(keeping kept: Set<Int>, keepsUninterruptible: Bool) -> [Sentence] {
        let isCut = { (sentence: Sentence) in
            !kept.contains(sentence.number) && !(keepsUninterruptible && sentence.isUninterruptible)
        }
        let cut = sentences.filter(isCut)
        sentences.removeAll(where: isCut)
        return cut.filter { $0.heard > .zero }
    }
}
