// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The carrier's voice on a relay: speaks what an agent sends, word by word, and knows how far it has come.
///
/// Knows no clock. A word can be spoken when the space behind it, or the end of the reply, has come.
struct RelaySpeech {
    /// Time that a character takes.
    static let perCharacter = Duration.milliseconds(60)
    private static let longestReply = 100_000

    /// A reply that is over.
    struct Spoken: Equatable {
        /// The words that were spoken.
        var text: String
        /// How long that took.
        var duration: Duration
        /// Whether the caller, or the next reply, cut it.
        var isInterrupted: Bool
    }

    private struct Reply {
        var text = ""
        var isClosed = false
        var isInterruptible: Bool
        var isPreemptible = false
    }

    private var replies: [Reply] = []
    private var spokenCount = 0
    private var spokenTime = Duration.zero
    private var debt = Duration.zero

    /// Whether something is being spoken, or could be.
    var isSpeaking: Bool { replies.first.map { spokenCount < speakable($0).count } ?? false }

    /// Whether speech of the caller stops what is being spoken.
    var isInterruptible: Bool { replies.first?.isInterruptible ?? true }

    /// Whether a reply has not been spoken to its end.
    var isEmpty: Bool { replies.isEmpty }

    /// Adds a piece of a reply; answers what it cut short.
    mutating func append(_ piece: RelayCommand.Text, isInterruptible: Bool) -> Spoken? {
        var cut: Spoken?
        if replies.last?.isClosed ?? true {
            if let first = replies.first, first.isPreemptible { cut = interrupt() }
            replies.append(Reply(isInterruptible: piece.isInterruptible ?? isInterruptible))
        }
        let last = replies.count - 1
        if replies[last].text.count < Self.longestReply { replies[last].text += piece.token }
        if let isInterruptible = piece.isInterruptible { replies[last].isInterruptible = isInterruptible }
        replies[last].isPreemptible = piece.isPreemptible
        replies[last].isClosed = piece.isLast
        return cut
    }

    /// Speaks for a while; returns the words that were finished, and the replies.
    mutating func advance(by duration: Duration) -> (words: [String], replies: [Spoken]) {
        var words: [String] = []
        var finished: [Spoken] = []
        debt += duration
        while let reply = replies.first {
            let ready = speakable(reply)
            guard spokenCount < ready.count else {
                debt = .zero
                guard reply.isClosed else { break }
                finished.append(take(isInterrupted: false))
                continue
            }
            let word = Self.nextWord(ready.dropFirst(spokenCount))
            let time = Self.perCharacter * word.count
            guard debt >= time else { break }
            debt -= time
            spokenTime += time
            spokenCount += word.count
            let text = word.filter { !$0.isWhitespace }
            if !text.isEmpty { words.append(text) }
        }
        return (words, finished)
    }

    /// Stops at once and forgets what waits; returns what was spoken of the reply.
    mutating func interrupt() -> Spoken {
        let spoken = take(isInterrupted: true)
        replies.removeAll()
        return spoken
    }

    private mutating func take(isInterrupted: Bool) -> Spoken {
        let text = replies.isEmpty ? "" : String(replies.removeFirst().text.prefix(spokenCount))
        defer { (spokenCount, spokenTime, debt) = (0, .zero, .zero) }
        return Spoken(text: text.trimmed, duration: spokenTime, isInterrupted: isInterrupted)
    }

    /// What of a reply can be spoken: whole words.
    private func speakable(_ reply: Reply) -> Substring {
        if reply.isClosed { return reply.text[...] }
        guard let space = reply.text.lastIndex(where: { $0.isWhitespace }) else { return "" }
        return reply.text[...space]
    }

    private static func nextWord(_ text: Substring) -> Substring {
        let start = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        let end = text[start...].firstIndex { $0.isWhitespace } ?? text.endIndex
        return text[..<end]
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
