// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Keeps count of the caller's utterances and of what the provider says of each, so that every end of speech is answered
/// exactly once, and late words of one utterance are not taken for words of the next.
///
/// Words belong to an utterance by their place in the audio, where the provider tells it; otherwise by the order in
/// which it answers. Has no clock and no I/O.
struct UtteranceLedger {
    /// What is to be done.
    enum Action: Equatable {
        /// Tell the pipeline; the time is where the words' audio begins.
        case tell(Transcript, at: MediaTime)
        /// The utterance is over: nobody needs its audio any more.
        case settled(Int)
        /// Words came for an utterance that was answered without them.
        case late
    }

    /// A result with its places in the session's time.
    struct Heard {
        var text: String
        var isFinal: Bool
        var answersFinalize = false
        /// Where the words' audio begins, and what their times count from.
        var start: MediaTime
        /// The audio that was looked at, where the provider says.
        var span: Range<MediaTime>?
        var words: [TimedWord] = []
        var confidence: Double?
        var language: String?
    }

    /// An utterance whose end the provider was told, and which it has not answered.
    private struct Ended {
        let id: Int
        let start: MediaTime
        /// Where the audio ends that the provider had when it was asked.
        let mark: MediaTime
        var interim: String
        /// Whether it was answered without the provider.
        var isClosed = false
    }

    /// Rounding of providers' times.
    private static let tolerance = Duration.milliseconds(10)
    /// Answers that are still expected for utterances that were given up.
    private static let mostClosed = 8

    private var ended: [Ended] = []
    private var interim = ""
    private var start: MediaTime?
    private var count = 0
    /// Whether words were told that no end has followed.
    private var hasWords = false

    /// Whether the caller speaks.
    var isSpeaking: Bool { start != nil }
    /// Whether an end of speech waits for its answer.
    var isWaiting: Bool { ended.contains { !$0.isClosed } }

    // MARK: The caller

    /// The caller begins to speak.
    mutating func speechStarted(at time: MediaTime) { start = start ?? time }

    /// The caller falls silent.
    ///
    /// - Parameter mark: Where the audio ends that the provider has.
    /// - Returns: The number of the utterance, to be named when its time is up.
    mutating func speechStopped(at time: MediaTime, mark: MediaTime) -> Int {
        count += 1
        ended.append(Ended(id: count, start: start ?? time, mark: mark, interim: interim))
        interim = ""
        hasWords = false
        start = nil
        return count
    }

    // MARK: The provider

    /// Takes a result.
    mutating func take(_ heard: Heard) -> [Action] {
        var actions: [Action] = []
        guard let index = index(of: heard) else {
            actions += passed(ended.count)
            interim = heard.isFinal ? "" : heard.text
            if !heard.text.isEmpty {
                hasWords = true
                var unasked = heard
                unasked.answersFinalize = false
                actions.append(tell(unasked))
            }
            return actions
        }
        actions += passed(index)
        let utterance = ended[0]
        ended[0].interim = heard.isFinal ? "" : heard.text
        if heard.answersFinalize { ended.removeFirst() }
        if utterance.isClosed {
            if !heard.text.isEmpty { actions.append(.late) }
            return actions
        }
        if heard.answersFinalize || !heard.text.isEmpty { actions.append(tell(heard)) }
        if heard.answersFinalize { actions.append(.settled(utterance.id)) }
        return actions
    }

    /// The provider takes the words so far to be an utterance; of meaning where no voice activity says so.
    mutating func endpoint(at time: MediaTime) -> [Action] {
        guard !isSpeaking, ended.isEmpty, hasWords else { return [] }
        defer {
            interim = ""
            hasWords = false
        }
        return [.tell(Transcript(interim, isUtteranceEnd: true), at: time)]
    }

    /// An utterance's time is up: it is answered with the words so far.
    mutating func timeIsUp(_ utterance: Int) -> [Action] {
        guard let index = ended.firstIndex(where: { $0.id == utterance && !$0.isClosed }) else { return [] }
        let actions = close(index)
        let closed = ended.indices.filter { ended[$0].isClosed }
        if closed.count > Self.mostClosed { ended.remove(at: closed[0]) }
        return actions
    }

    /// The connection is lost; the new one is asked again for what was not answered.
    mutating func disconnected() { ended.removeAll(where: \.isClosed) }

    /// Nothing more comes: all that waits is answered with the words so far.
    mutating func giveUp() -> [Action] {
        let actions = ended.indices.flatMap { ended[$0].isClosed ? [] : close($0) }
        ended = []
        return actions
    }

    // MARK: Steps

    private func index(of heard: Heard) -> Int? {
        guard let span = heard.span else { return ended.isEmpty ? nil : 0 }
        if heard.answersFinalize {
            let index = ended.firstIndex { span.upperBound <= $0.mark + Self.tolerance }
            return index ?? (ended.isEmpty ? nil : ended.count - 1)
        }
        return ended.firstIndex { span.lowerBound < $0.mark - Self.tolerance }
    }

    /// The provider has gone on to later utterances: it says nothing more of the first `count`.
    private mutating func passed(_ count: Int) -> [Action] {
        let actions = (0..<count).flatMap { ended[$0].isClosed ? [] : close($0) }
        ended.removeFirst(count)
        return actions
    }

    private mutating func close(_ index: Int) -> [Action] {
        let utterance = ended[index]
        ended[index].isClosed = true
        ended[index].interim = ""
        return [
            .tell(Transcript(utterance.interim, isUtteranceEnd: true), at: utterance.start), .settled(utterance.id),
        ]
    }

    private func tell(_ heard: Heard) -> Action {
        let transcript = Transcript(
            heard.text, isFinal: heard.isFinal, isUtteranceEnd: heard.answersFinalize,
            confidence: heard.confidence, words: heard.words, language: heard.language)
        return .tell(transcript, at: heard.start)
    }
}
