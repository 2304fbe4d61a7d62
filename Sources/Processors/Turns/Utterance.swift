// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What is known of one stretch of speech: when it was voiced, and its words so far.
struct Utterance: Equatable {
    /// Where speech really began, or when the first words came.
    let onset: MediaTime
    /// Final words, joined.
    private(set) var finalText = ""
    /// Words that the recogniser may still change.
    private(set) var interimText = ""
    /// From when the last words are waited for: the true end of speech; `nil` while the caller speaks.
    private(set) var quietSince: MediaTime?
    /// When speech was taken to be over.
    private(set) var endpointed: MediaTime?
    /// When the last final words came.
    private(set) var transcribed: MediaTime?
    /// Whether the recogniser has answered all of the speech, so that nothing more comes.
    private(set) var isSettled = false
    /// Whether voice activity bounds the utterance; words alone do otherwise.
    private(set) var hasVoice: Bool
    private var lastWords: [TimedWord] = []
    /// Whether the recogniser has said of the speech so far that it has answered its end.
    private var isAnswered = false
    /// Whether the caller went on before such an answer, so that it may still come.
    private var owesAnswer = false

    /// Speech begins.
    init(voicedFrom onset: MediaTime) {
        self.onset = onset
        hasVoice = true
    }

    /// Words come without voice activity.
    init(wordsAt now: MediaTime) {
        onset = now
        hasVoice = false
        quietSince = now
        endpointed = now
    }

    /// All words so far.
    var text: String { SpokenText.join(finalText, interimText) }

    /// How long the caller has spoken.
    func voiced(until now: MediaTime) -> Duration { hasVoice ? max((quietSince ?? now) - onset, .zero) : .zero }

    /// The caller goes on: what seemed answered is not.
    mutating func voiceStarted() {
        hasVoice = true
        if quietSince != nil, !isAnswered { owesAnswer = true }
        isAnswered = false
        quietSince = nil
        endpointed = nil
        isSettled = false
    }

    /// Speech ended at `time`, as is known `now`.
    mutating func voiceStopped(at time: MediaTime, now: MediaTime) {
        quietSince = time
        endpointed = now
        // The recogniser had not been told of the end yet: a final in the hangover is its own decision that this is it.
        if let transcribed, transcribed >= time, interimText.isEmpty { isSettled = true }
    }

    /// Takes the recogniser's words.
    ///
    /// - Returns: Whether they change anything.
    mutating func hear(_ transcript: Transcript, now: MediaTime) -> Bool {
        let text = SpokenText.trimmed(transcript.text)
        if !hasVoice {
            quietSince = now
            endpointed = now
        }
        guard transcript.isFinal else { return hearInterim(text) }
        guard !text.isEmpty || transcript.isUtteranceEnd else { return false }
        // Some recognisers send a final again.
        let isRepeated = !text.isEmpty && !transcript.words.isEmpty && transcript.words == lastWords
        if !isRepeated { finalText = SpokenText.join(finalText, text) }
        lastWords = transcript.words
        interimText = ""
        transcribed = now
        // Without voice activity there is nobody to say that more comes.
        isSettled = transcript.isUtteranceEnd && answersAllSpeech() || !hasVoice
        return true
    }

    /// Takes an answer to an end of speech, which may be an earlier one than the last.
    private mutating func answersAllSpeech() -> Bool {
        let isLate = owesAnswer && quietSince == nil
        owesAnswer = false
        isAnswered = !isLate
        return isAnswered
    }

    private mutating func hearInterim(_ text: String) -> Bool {
        guard !text.isEmpty else { return false }
        interimText = text
        isSettled = false
        transcribed = nil
        return true
    }
}
