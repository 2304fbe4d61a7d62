// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The text of one reply between the agent and the caller's ear: what was sent, and what was heard of it.
///
/// Goes by what the far end reports; between reports, and without any, by a pace of speech. Knows no clock.
struct TextPlayback {
    /// Time that passes at the far end before the first word sounds, and after the last one.
    private static let slack = Duration.milliseconds(500)

    private let charactersPerSecond: Double
    /// Everything that was sent.
    private(set) var sent = ""
    private var sentCount = 0
    /// When the last character that was sent is spoken.
    private(set) var end = MediaTime.zero
    /// Words that the far end says were heard in all.
    private var exact: String?

    /// Begins a reply.
    init(charactersPerSecond: Double) { self.charactersPerSecond = charactersPerSecond }

    /// Whether nothing was sent.
    var isEmpty: Bool { sentCount == 0 }

    /// A piece of the reply was sent at `now`.
    mutating func append(_ text: String, now: MediaTime) {
        guard !text.isEmpty else { return }
        end = max(end, now + Self.slack) + duration(text.count)
        sent += text
        sentCount += text.count
    }

    /// What has been heard by `now`: whole words.
    func heard(at now: MediaTime) -> String {
        if let exact { return exact }
        let remaining = end > now ? Int(((end - now) / .seconds(1) * charactersPerSecond).rounded(.up)) : 0
        return remaining == 0 ? sent : Self.wholeWords(sent, sentCount - remaining)
    }

    /// The far end says what was heard up to `now`; the rest is taken to follow from there.
    mutating func report(_ words: String, now: MediaTime) {
        let heard = prefix(through: words) ?? words
        end = now + duration(max(0, sentCount - heard.count))
    }

    /// The far end has stopped after these words.
    mutating func stop(after words: String) { exact = prefix(through: words) ?? words }

    /// All of it was heard.
    mutating func finish(now: MediaTime) { end = now }

    private func duration(_ characters: Int) -> Duration { .seconds(1) * (Double(characters) / charactersPerSecond) }

    /// What was sent, up to and with `words`; `nil` where they do not occur in it.
    ///
    /// White space does not count: speech services set their own.
    private func prefix(through words: String) -> String? {
        let wanted = words.filter { !$0.isWhitespace }
        guard !wanted.isEmpty else { return "" }
        let offsets = sent.indices.filter { !sent[$0].isWhitespace }
        let spoken = offsets.map { sent[$0] }
        let pattern = Array(wanted)
        guard pattern.count <= spoken.count else { return nil }
        for start in 0...(spoken.count - pattern.count)
        where spoken[start..<start + pattern.count].elementsEqual(pattern) {
            return String(sent[...offsets[start + pattern.count - 1]])
        }
        return nil
    }

    /// The words that lie wholly within the first `count` characters.
    private static func wholeWords(_ text: String, _ count: Int) -> String {
        guard count > 0 else { return "" }
        let cut = text.index(text.startIndex, offsetBy: count, limitedBy: text.endIndex) ?? text.endIndex
        guard cut < text.endIndex, !text[cut].isWhitespace else { return String(text[..<cut]) }
        let space = text[..<cut].lastIndex(where: \.isWhitespace)
        return space.map { String(text[..<$0]) } ?? ""
    }
}
