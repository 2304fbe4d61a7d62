// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Turns the probabilities of successive windows into the edges of speech, with hysteresis.
///
/// Has no clock and does no I/O. Edges alternate, beginning with a start; their times are where speech really began and
/// ended, which is earlier than the window that decides by the onset or the hangover.
///
///     probability   low  HIGH HIGH HIGH  low  HIGH  low  low  low
///     edge                         start                     stop
///     its time           ^                          ^
struct VoiceActivityMachine {
    /// What decides.
    struct Settings: Sendable {
        /// Probability from which a window is speech.
        var threshold = 0.5
        /// Probability below which a window is not; between the two nothing changes.
        var negativeThreshold = 0.35
        /// Speech that must have been heard before it counts.
        var onset = Duration.milliseconds(96)
        /// Time without speech after which it is over.
        var hangover = Duration.milliseconds(400)
        /// RMS level in dBFS below which a window is not speech, whatever its probability.
        var minimumLevel = -60.0
    }

    private enum State {
        /// The state while nobody speaks.
        case quiet
        /// The state while it may be speech that began there, for less than the onset.
        case starting(since: MediaTime)
        /// The state while somebody speaks.
        case speaking
        /// The state while speech may have ended there, for less than the hangover.
        case stopping(since: MediaTime)
    }

    private let settings: Settings
    private var state = State.quiet

    /// A machine that has heard nothing.
    init(_ settings: Settings) { self.settings = settings }

    /// Whether speech has started and not stopped.
    var isSpeaking: Bool {
        switch state {
        case .quiet, .starting: false
        case .speaking, .stopping: true
        }
    }

    /// Takes the next window, and answers the edge that it decides.
    mutating func process(
        _ reading: SpeechReading, from start: MediaTime, to end: MediaTime
    ) -> VoiceActivity? {
        let isLoud = reading.level >= settings.minimumLevel
        let isSpeech = isLoud && reading.probability >= settings.threshold
        let isSilence = !isLoud || reading.probability < settings.negativeThreshold
        switch state {
        case .quiet:
            guard isSpeech else { return nil }
            return confirmStart(since: start, reading, end)
        case .starting(let since):
            guard !isSilence else { return forget() }
            return confirmStart(since: since, reading, end)
        case .speaking:
            guard isSilence else { return nil }
            return confirmStop(since: start, reading, end)
        case .stopping(let since):
            if isSpeech { return resume() }
            return confirmStop(since: since, reading, end)
        }
    }

    /// Ends speech, if there is any, because no more audio comes; it ended at `time` or before.
    mutating func cut(at time: MediaTime) -> VoiceActivity? {
        defer { state = .quiet }
        switch state {
        case .quiet, .starting: return nil
        case .speaking: return VoiceActivity(.speechStopped, at: time, probability: 0)
        case .stopping(let since): return VoiceActivity(.speechStopped, at: since, probability: 0)
        }
    }

    private mutating func forget() -> VoiceActivity? {
        state = .quiet
        return nil
    }

    private mutating func resume() -> VoiceActivity? {
        state = .speaking
        return nil
    }

    private mutating func confirmStart(
        since start: MediaTime, _ reading: SpeechReading, _ end: MediaTime
    ) -> VoiceActivity? {
        guard end - start >= settings.onset else {
            state = .starting(since: start)
            return nil
        }
        state = .speaking
        return VoiceActivity(.speechStarted, at: start, probability: reading.probability)
    }

    private mutating func confirmStop(
        since start: MediaTime, _ reading: SpeechReading, _ end: MediaTime
    ) -> VoiceActivity? {
        guard end - start >= settings.hangover else {
            state = .stopping(since: start)
            return nil
        }
        state = .quiet
        return VoiceActivity(.speechStopped, at: start, probability: reading.probability)
    }
}
