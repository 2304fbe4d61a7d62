// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import NIOCore
import PipelineKit

/// The part that streaming recognisers share: gives a provider all of the caller's audio over one WebSocket for the
/// session, and answers every end of speech exactly once, within a deadline.
///
/// The connection is opened with the first audio, whose format it needs, and opened again when it breaks; audio that
/// has no final words yet is then sent again. What cannot be mended is thrown once, and again only after somebody has
/// spoken and another attempt failed.
///
/// `@unchecked Sendable`: used on the session's loop alone; its tasks prefer that executor.
final class RecognitionStream<Dialect: RecognitionDialect>: @unchecked Sendable {
    /// What an alternative needs to take over before an utterance is answered without words.
    private static var grace: Duration { .milliseconds(100) }

    /// Makes what a connection for audio of a format needs.
    typealias Opening = (AudioFormat) -> (request: ProviderRequest, dialect: Dialect)

    let settings: RecognitionSettings
    let open: Opening
    /// The way out of the service's task as it is now.
    var output: ServiceOutput?
    var format: AudioFormat?

    // The connection.
    var socket: (any ProviderSocket)?
    var dialect: Dialect?
    var clock = StreamClock()
    var connection: Task<Void, Never>?
    var backoff = Backoff(seed: "")
    /// Whether the present trouble with the connection was reported.
    var isTroubleTold = false
    /// Audio on this connection since the provider was last asked for final words.
    var sinceFinalize = Duration.zero
    var lastSent = MediaTime.zero
    /// Why the connection is being given up, where that was decided here.
    var verdict: ProviderError?
    /// What ended the last connection, until there is another.
    var lastError: ProviderError?
    /// Deadlines in a row before which nothing came at all.
    var silences = 0
    var isClosing = false
    var isOver = false
    /// What ended all attempts; audio is no longer kept.
    var failure: ProviderError?
    /// What the service is to throw.
    private var complaint: ProviderError?
    /// Whether the service has failed since there was a connection.
    var hasComplained = false

    // The caller.
    var ledger = UtteranceLedger()
    var replay: ReplayBuffer
    private var heardUntil: MediaTime?
    private var deadlines: [Int: Task<Void, Never>] = [:]
    private var stops: [Int: MediaTime] = [:]
    private var heardDuration = Duration.zero

    // What is told.
    private var outbox: Deque<(Transcript, MediaTime)> = []
    private var isTelling = false

    /// Creates the state of one session.
    init(_ settings: RecognitionSettings, open: @escaping Opening) {
        self.settings = settings
        self.open = open
        replay = ReplayBuffer(limit: settings.replay)
    }

    /// What was heard and is not answered, for another recogniser.
    var unanswered: [Frame] { replay.frames }

    // MARK: The caller

    /// Takes a frame; audio is consumed, all else passed on.
    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        self.output = output
        if let audio = frame.audio {
            try hear(audio, frame)
        } else {
            if let activity = frame[VoiceActivity.self] { await turn(activity, frame) }
            try await output.emit(frame)
        }
        if let complaint {
            self.complaint = nil
            throw complaint.asPipelineError(settings.client.name)
        }
    }

    private func hear(_ audio: Audio, _ frame: Frame) throws {
        guard audio.sampleCount > 0 else { return }
        if let format, format != audio.format {
            throw PipelineError(
                .badInput, "got \(audio.format) after \(format); put an audio_converter before it")
        }
        heardUntil = frame.endTime
        heardDuration += audio.duration
        if format == nil {
            format = audio.format
            backoff = Backoff(seed: output?.call?.id ?? "")
            connect()
        }
        guard failure == nil else { return }
        let hasDropped = replay.append(.audio(frame))
        if socket != nil { send(audio, at: frame.mediaTime) } else if hasDropped { output?.drop("not_recognised") }
    }

    nonisolated(nonsending) private func turn(_ activity: VoiceActivity, _ frame: Frame) async {
        switch activity.edge {
        case .speechStarted:
            if failure == nil, !ledger.isSpeaking { replay.append(.began(frame)) }
            ledger.speechStarted(at: activity.time)
            retryAfterFailure()
        case .speechStopped:
            await endUtterance(at: activity.time, frame)
        }
    }

    nonisolated(nonsending) private func endUtterance(at time: MediaTime, _ frame: Frame) async {
        let utterance = ledger.speechStopped(at: time, mark: heardUntil ?? time)
        guard failure == nil, format != nil, let output, let loop = output.loop else {
            return await tell(ledger.giveUp())
        }
        replay.append(.ended(frame, utterance: utterance))
        stops[utterance] = output.now
        if socket != nil { finalize() }
        let limit = settings.finalDeadline
        deadlines[utterance] = Task(executorPreference: loop) { [self] in
            do {
                try await output.sleep(for: limit)
                if complainsOfSilence() { try await output.sleep(for: Self.grace) }
            } catch {
                return deadlines[utterance] = nil
            }
            await timeIsUp(utterance)
            deadlines[utterance] = nil
        }
    }

    /// Lets the service fail when nobody is there to answer: with an alternative, the utterance is the alternative's.
    private func complainsOfSilence() -> Bool {
        silences += 1
        let late = "did not answer within \(settings.finalDeadline.parameterText) (final_deadline)"
        if socket != nil, silences < 2 { return false }
        complain(failure ?? lastError ?? ProviderError(.transient, late))
        return true
    }

    /// Lets the service fail with its next frame, once for each loss of the connection.
    func complain(_ error: ProviderError) {
        guard !hasComplained else { return }
        hasComplained = true
        complaint = error
    }

    nonisolated(nonsending) private func timeIsUp(_ utterance: Int) async {
        let actions = ledger.timeIsUp(utterance)
        guard !actions.isEmpty else { return }
        await tell(actions)
        // Later answers could be taken for those of later utterances, or nobody is there at all.
        guard !settings.tellsTimes || silences >= 2 else { return }
        abandon(ProviderError(.transient, "did not answer within \(settings.finalDeadline.parameterText)"))
    }

    // MARK: What comes out

    /// Carries out what the ledger says, in order.
    nonisolated(nonsending) func tell(_ actions: [UtteranceLedger.Action]) async {
        for action in actions {
            switch action {
            case .tell(let transcript, let time): outbox.append((transcript, time))
            case .late: output?.drop("late")
            case .settled(let utterance):
                deadlines.removeValue(forKey: utterance)?.cancel()
                replay.confirm(utterance: utterance)
                if let stop = stops.removeValue(forKey: utterance) { output?.reportFirstByte(since: stop) }
            }
        }
        // Whoever is telling goes on, so that nothing overtakes.
        guard !isTelling else { return }
        isTelling = true
        while let (transcript, time) = outbox.popFirst() { try? await output?.broadcast(transcript, at: time) }
        isTelling = false
    }

    // MARK: The end

    /// Waits for the last words, then says good-bye to the provider.
    nonisolated(nonsending) func finish(_ output: ServiceOutput) async throws {
        self.output = output
        if ledger.isSpeaking, let heardUntil {
            let stop = VoiceActivity(.speechStopped, at: heardUntil)
            await endUtterance(at: heardUntil, Frame(stop, at: heardUntil))
        }
        await withTaskCancellationHandler {
            while let deadline = deadlines.values.first { await deadline.value }
            await sayGoodbye(output)
        } onCancel: {
            cancel()
        }
        output.report(.audioSeconds, heardDuration / .seconds(1))
    }

    nonisolated(nonsending) private func sayGoodbye(_ output: ServiceOutput) async {
        isClosing = true
        let messages = socket == nil ? [] : dialect?.closing() ?? []
        send(messages)
        guard !messages.isEmpty, let loop = output.loop else { return cancel() }
        let limit = settings.goodbye
        let timer = Task(executorPreference: loop) { [self] in
            guard (try? await output.sleep(for: limit)) != nil else { return }
            cancel()
        }
        await connection?.value
        timer.cancel()
        await timer.value
    }

    /// Ends all work at once.
    private func cancel() {
        (isOver, isClosing) = (true, true)
        socket?.close()
        connection?.cancel()
        for deadline in deadlines.values { deadline.cancel() }
    }

    /// Ends everything; nothing is left behind.
    nonisolated(nonsending) func stop() async {
        cancel()
        await connection?.value
        for deadline in deadlines.values { await deadline.value }
        output = nil
    }
}
