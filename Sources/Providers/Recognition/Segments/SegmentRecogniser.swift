// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import PipelineKit

/// The part that recognisers of whole recordings share: cuts the caller's audio at the edges of voice activity, gives
/// each piece to the provider, and answers every end of speech exactly once, in order, within a deadline.
///
/// `@unchecked Sendable`: used on the session's loop alone; its tasks prefer that executor.
final class SegmentRecogniser<Transcriber: SegmentTranscriber>: @unchecked Sendable {
    /// What an alternative needs to take over before an utterance is answered without words.
    private static var grace: Duration { .milliseconds(100) }
    /// Utterances that wait for the provider; those of one who says so much in so little time are not waited for.
    private static var mostWaiting: Int { 16 }

    private let settings: SegmentSettings
    private let transcriber: Transcriber
    private var collector: SegmentCollector
    private var output: ServiceOutput?
    private var format: AudioFormat?
    private var waiting: Deque<SpeechSegment> = []
    private var worker: Task<Void, Never>?
    private var guesser: Task<Void, Never>?
    private var guesses = StablePrefix()
    /// What the service is to throw, once.
    private var complaint: ProviderError?
    /// What will not go away: nothing is sent any more.
    private var failure: ProviderError?

    /// Creates the state of one session.
    init(_ settings: SegmentSettings, _ transcriber: Transcriber) {
        self.settings = settings
        self.transcriber = transcriber
        collector = SegmentCollector(preRoll: settings.preRoll, longest: settings.longest)
    }

    /// What was heard and is not answered, for another recogniser.
    var unanswered: [Frame] { waiting.flatMap(\.frames) + (collector.current?.frames ?? []) }

    // MARK: The caller

    /// Takes a frame; audio is consumed, all else passed on.
    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        self.output = output
        if let audio = frame.audio {
            try hear(audio, frame)
        } else {
            if let activity = frame[VoiceActivity.self] { turn(activity, frame, output) }
            try await output.emit(frame)
        }
        if let complaint {
            self.complaint = nil
            throw complaint.asPipelineError(settings.provider)
        }
    }

    private func hear(_ audio: Audio, _ frame: Frame) throws {
        guard audio.sampleCount > 0 else { return }
        guard format ?? audio.format == audio.format else {
            throw PipelineError(
                .badInput, "got \(audio.format) in the middle of a call; put an audio_converter before it")
        }
        format = audio.format
        guard let piece = collector.hear(frame) else { return }
        guesses = StablePrefix()
        add(piece)
    }

    private func turn(_ activity: VoiceActivity, _ frame: Frame, _ output: ServiceOutput) {
        switch activity.edge {
        case .speechStarted:
            guard collector.current == nil else { return }
            collector.began(at: activity.time, frame)
            guesses = StablePrefix()
            startGuessing(output)
        case .speechStopped:
            // A server that does one thing at a time is to do this now.
            guesser?.cancel()
            guesser = nil
            add(collector.ended(at: activity.time, frame, now: output.now))
        }
    }

    private func add(_ segment: SpeechSegment) {
        waiting.append(segment)
        guard worker == nil, let loop = output?.loop else { return }
        worker = Task(executorPreference: loop) { [self] in
            await work()
            worker = nil
        }
    }

    // MARK: The provider

    nonisolated(nonsending) private func work() async {
        while let segment = waiting.first, let output, !Task.isCancelled {
            var transcript = Transcript("", isUtteranceEnd: segment.endsUtterance)
            let begin = segment.stopped ?? output.now
            do {
                let answer = try await understand(segment, until: begin + settings.finalDeadline, output)
                (transcript.text, transcript.words, transcript.language) = (answer.text, answer.words, answer.language)
                output.report(.audioSeconds, segment.duration / .seconds(1))
                output.reportFirstByte(since: begin)
            } catch let error as ProviderError {
                complaint = error
                if error.kind == .permanent { failure = error }
                guard (try? await output.sleep(for: Self.grace)) != nil else { return }
            } catch {
                return
            }
            waiting.removeFirst()
            guard transcript.isUtteranceEnd || !transcript.text.isEmpty else { continue }
            try? await output.broadcast(transcript, at: segment.start)
        }
    }

    /// An answer without words where there is nothing to understand or nobody to ask.
    nonisolated(nonsending) private func understand(
        _ segment: SpeechSegment, until deadline: MediaTime, _ output: ServiceOutput
    ) async throws -> TranscriptionAnswer {
        let isWorthwhile = segment.duration >= settings.least || !segment.endsUtterance
        guard isWorthwhile, failure == nil, waiting.count <= Self.mostWaiting else { return TranscriptionAnswer() }
        let limit = settings.finalDeadline.parameterText
        let late = ProviderError(.transient, "did not answer within \(limit) (final_deadline)")
        return try await withDeadline(max(deadline - output.now, .zero), output, late) { [transcriber] in
            try await transcriber.transcribe(segment, output)
        }
    }

    // MARK: Guesses

    private func startGuessing(_ output: ServiceOutput) {
        guard let interval = settings.partialInterval, failure == nil, let loop = output.loop else { return }
        guesser = Task(executorPreference: loop) { [self] in
            while (try? await output.sleep(for: interval)) != nil {
                // The words of earlier utterances come first.
                if waiting.isEmpty, let segment = collector.current { await guess(segment, output) }
            }
        }
    }

    /// Tells the words of an utterance so far; what fails is nobody's loss.
    nonisolated(nonsending) private func guess(_ segment: SpeechSegment, _ output: ServiceOutput) async {
        guard segment.duration >= settings.least, let answer = try? await transcriber.transcribe(segment, output),
            !Task.isCancelled, collector.current?.start == segment.start, let text = guesses.update(answer.text)
        else { return }
        try? await output.broadcast(Transcript(text, isFinal: false), at: segment.start)
    }

    // MARK: The end

    /// Waits for the last words.
    nonisolated(nonsending) func finish(_ output: ServiceOutput) async throws {
        self.output = output
        if let current = collector.current {
            let end = current.start + current.duration
            turn(VoiceActivity(.speechStopped, at: end), Frame(VoiceActivity(.speechStopped, at: end), at: end), output)
        }
        await withTaskCancellationHandler {
            while let worker { await worker.value }
        } onCancel: {
            cancel()
        }
    }

    /// Ends all work at once.
    private func cancel() {
        worker?.cancel()
        guesser?.cancel()
    }

    /// Ends everything; nothing is left behind.
    nonisolated(nonsending) func stop() async {
        cancel()
        await worker?.value
        await guesser?.value
        waiting = []
        output = nil
    }
}
