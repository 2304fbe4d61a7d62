// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Recognises the caller's speech with pocketsphinx, between the edges that voice activity detection sets.
///
/// Each utterance borrows a decoder from those that all sessions share, hears it with some audio from before the speech,
/// and gives it back with the last words, or however the session ends. Every end of speech is answered by one final
/// transcript that ends the utterance, sent both ways; it is empty when the speech was outside the grammar or nothing
/// could be heard. An utterance of more than 20 s is cut and goes on as another one. A transcript's media time is where
/// its audio begins, and its words' times count from there. Audio is consumed; all else passes in its order.
public final class PocketsphinxSTT: Service {
    public static let name = "pocketsphinx_stt"
    public static let summary = "Recognises English with pocketsphinx, offline: sentences of a grammar, or dictation."
    public static let queue = QueueSettings(capacity: 100, whenFull: .dropOldest)

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.audio(.exactly(.wideband))], reads: [.frames(VoiceActivity.self)],
            produces: [.frames(Transcript.self)])
    }

    /// Audio that is given to the decoder at a time: few trips to a worker, partial words soon enough.
    private static let batch = Duration.milliseconds(100)
    /// Memory and the time of the last step grow with the utterance.
    private static let longestUtterance = Duration.seconds(20)

    private let parameters: Parameters
    private let pool: PocketsphinxPool
    private var configuration: PocketsphinxConfiguration?
    private var preRoll: PreRoll
    private var utterance: PocketsphinxUtterance?

    /// Creates a recogniser for one session.
    public convenience init(_ parameters: Parameters) {
        self.init(parameters, pool: .shared(limit: parameters.decoders))
    }

    /// Creates a recogniser that borrows from `pool`.
    init(_ parameters: Parameters, pool: PocketsphinxPool) {
        self.parameters = parameters
        self.pool = pool
        preRoll = PreRoll(parameters.preRoll)
    }

    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws {
        let (parameters, pool) = (parameters, pool)
        do {
            configuration = try await output.offload {
                let configuration = try parameters.configuration()
                try pool.warm(configuration, count: 1)
                return configuration
            }
        } catch let error as PocketsphinxError {
            throw PipelineError(.provider, error.description)
        }
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        if let audio = frame.audio { return try await hear(audio, frame, output) }
        guard let activity = frame[VoiceActivity.self] else { return try await output.emit(frame) }
        do {
            switch activity.edge {
            case .speechStarted: try await begin(speechStart: activity.time)
            case .speechStopped: try await end(at: activity.time, output)
            }
        } catch {
            try await output.emit(frame)
            throw error
        }
        try await output.emit(frame)
    }

    nonisolated(nonsending) public func finish(_ output: ServiceOutput) async throws {
        if let utterance { try await end(at: utterance.start, output) }
    }

    nonisolated(nonsending) public func stop() async { giveBack() }

    // MARK: An utterance

    nonisolated(nonsending) private func begin(speechStart: MediaTime) async throws {
        guard utterance == nil, let configuration else { return }
        let lease = try await pool.borrow(configuration)
        let frames = preRoll.take(speechStart: speechStart)
        var begun = PocketsphinxUtterance(lease, at: frames.first?.mediaTime ?? speechStart, partial: newPartial())
        for frame in frames {
            if let audio = frame.audio { begun.append(audio, at: frame.mediaTime) }
        }
        utterance = begun
    }

    nonisolated(nonsending) private func hear(_ audio: Audio, _ frame: Frame, _ output: ServiceOutput) async throws {
        guard audio.format == .wideband else {
            throw PipelineError(
                .badInput, "got \(audio.format); put an audio_converter to \(AudioFormat.wideband) before it")
        }
        guard utterance != nil else { return preRoll.append(frame) }
        utterance?.append(audio, at: frame.mediaTime)
        guard let utterance, utterance.waitingDuration >= Self.batch else { return }
        if utterance.duration >= Self.longestUtterance {
            try await cut(output)
        } else {
            try await feed(output)
        }
    }

    nonisolated(nonsending) private func feed(_ output: ServiceOutput) async throws {
        let tellsPartials = parameters.partials
        let guess = try await work(output) { (decoder) throws(PocketsphinxError) in
            tellsPartials ? decoder.partial() : ""
        }
        guard let guess, let (start, duration) = utterance.map({ ($0.start, $0.duration) }),
            let text = utterance?.partial.update(guess, at: duration)
        else { return }
        try await output.broadcast(Transcript(text, isFinal: false), at: start)
    }

    /// Ends the decoder's utterance in the middle of the speech and goes on with the next.
    nonisolated(nonsending) private func cut(_ output: ServiceOutput) async throws {
        guard let start = utterance?.start, let heard = try await finishDecoding(output) else { return }
        utterance?.beginNext(partial: newPartial())
        try await output.broadcast(heard, at: start)
    }

    /// Answers the end of speech; the turn waits for that, also when there are no words to tell.
    nonisolated(nonsending) private func end(at time: MediaTime, _ output: ServiceOutput) async throws {
        let start = utterance?.start ?? time
        var heard = Transcript("")
        var failure: (any Error)?
        do {
            heard = try await finishDecoding(output) ?? heard
        } catch {
            failure = error
        }
        giveBack()
        heard.isUtteranceEnd = true
        try await output.broadcast(heard, at: start)
        if let failure { throw failure }
    }

    nonisolated(nonsending) private func finishDecoding(_ output: ServiceOutput) async throws -> Transcript? {
        let heard = try await work(output) { (decoder) throws(PocketsphinxError) in try decoder.finish() }
        return heard.map { heard in
            Transcript(heard.text, words: heard.words.map { TimedWord($0.text, start: $0.start, end: $0.end) })
        }
    }

    /// Gives the waiting audio to the decoder on a worker; `nil` without an utterance.
    ///
    /// A failure ends the utterance.
    nonisolated(nonsending) private func work<Result: Sendable>(
        _ output: ServiceOutput,
        _ next: @escaping @Sendable (PocketsphinxDecoder) throws(PocketsphinxError) -> Result
    ) async throws -> Result? {
        guard let work = utterance?.takeWork(next) else { return nil }
        do {
            return try await output.offload(work)
        } catch {
            giveBack()
            throw (error as? PocketsphinxError).map { PipelineError(.provider, $0.description) } ?? error
        }
    }

    private func giveBack() {
        utterance?.lease.end()
        utterance = nil
    }

    private func newPartial() -> PartialWords { PartialWords(interval: parameters.partialInterval) }
}
