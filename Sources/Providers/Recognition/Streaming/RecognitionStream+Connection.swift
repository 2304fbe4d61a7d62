// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import NIOCore
import PipelineKit

/// The connection of a recogniser.
extension RecognitionStream {
    private static var mostBuffered: Int { 1 << 20 }

    /// Begins to connect, and goes on until the end or until it is hopeless.
    func connect() {
        guard connection == nil, !isOver, let loop = output?.loop else { return }
        connection = Task(executorPreference: loop) { [self] in
            await run()
            connection = nil
        }
    }

    /// Somebody speaks after all attempts failed: try again, unless that is known to be in vain.
    func retryAfterFailure() {
        guard let failure, failure.kind != .permanent else { return }
        self.failure = nil
        hasComplained = false
        backoff = Backoff(seed: output?.call?.id ?? "")
        connect()
    }

    nonisolated(nonsending) private func run() async {
        while !isClosing, !Task.isCancelled, let output {
            var opened: MediaTime?
            var error = ProviderError(.transient, "closed the connection")
            do {
                try await openSocket(output)
                opened = output.now
                try await listen()
            } catch let failure as ProviderError {
                error = failure
            } catch {
                return dropSocket()
            }
            dropSocket()
            if isClosing { return }
            let life = opened.map { output.now - $0 }
            guard let wait = afterLoss(verdict ?? error, life, output) else { return }
            verdict = nil
            guard (try? await output.sleep(for: wait)) != nil else { return }
        }
    }

    /// The wait before another connection is tried; `nil` when that would be in vain.
    private func afterLoss(_ error: ProviderError, _ life: Duration?, _ output: ServiceOutput) -> Duration? {
        lastError = error
        if let life, life >= Backoff.goodLife { isTroubleTold = false }
        guard let wait = backoff.delay(after: error, life: life) else {
            failure = error
            complain(error)
            return nil
        }
        output.report(.reconnects, 1)
        if !isTroubleTold {
            isTroubleTold = true
            output.report(.error(error.asPipelineError(settings.client.name)))
        }
        return wait
    }

    nonisolated(nonsending) private func openSocket(_ output: ServiceOutput) async throws {
        guard let format else { return }
        let (request, dialect) = open(format)
        let client = settings.client
        let socket = try await client.guarded(output) { try await client.connect(request, output) }
        guard !isOver else {
            socket.close()
            throw CancellationError()
        }
        self.socket = socket
        self.dialect = dialect
        clock = StreamClock()
        sinceFinalize = .zero
        silences = 0
        lastError = nil
        hasComplained = false
        lastSent = output.now
        send(self.dialect?.opening() ?? [])
        for entry in replay.entries {
            switch entry {
            case .audio(let frame): if let audio = frame.audio { send(audio, at: frame.mediaTime) }
            case .began: break
            case .ended: finalize()
            }
        }
    }

    nonisolated(nonsending) private func listen() async throws {
        let keeper = keepAlive()
        defer { keeper?.cancel() }
        while let socket, let message = try await socket.receive() {
            silences = 0
            for event in try dialect?.take(message) ?? [] { await heard(event) }
        }
        if let verdict { throw verdict }
    }

    nonisolated(nonsending) private func heard(_ event: RecognitionEvent) async {
        switch event {
        case .heard(let result):
            let heard = located(result)
            await tell(ledger.take(heard))
            if heard.isFinal, let span = heard.span { replay.confirm(upTo: span.upperBound) }
        case .endpoint:
            guard settings.endsAtEndpoints else { return }
            await tell(ledger.endpoint(at: clock.end ?? .zero))
        case .warning(let text): output?.report(.error(PipelineError(.provider, "\(settings.client.name): \(text)")))
        }
    }

    /// A result with its places in the session's time.
    private func located(_ result: RecognitionResult) -> UtteranceLedger.Heard {
        let span = result.span.map { span in
            let start = clock.time(at: span.lowerBound)
            return start..<max(clock.endTime(at: span.upperBound), start)
        }
        let start = span?.lowerBound ?? result.words.first.map { clock.time(at: $0.start) } ?? clock.end ?? .zero
        let words = result.words.map { word in
            let begin = max(clock.time(at: word.start) - start, .zero)
            return TimedWord(word.text, start: begin, end: max(clock.endTime(at: word.end) - start, begin))
        }
        return UtteranceLedger.Heard(
            text: result.text.tidied, isFinal: result.isFinal, answersFinalize: result.answersFinalize, start: start,
            span: span, words: words, confidence: result.confidence, language: result.language)
    }

    // MARK: What is sent

    /// Sends audio that begins at `time`.
    func send(_ audio: Audio, at time: MediaTime) {
        clock.append(audio.duration, at: time)
        sinceFinalize += audio.duration
        send(dialect?.encode(audio) ?? [])
    }

    /// Asks for the final words of the audio so far.
    func finalize() {
        let missing = settings.leastUtterance - sinceFinalize
        if missing > .zero, let format { send(.quiet(missing, format: format), at: clock.end ?? .zero) }
        sinceFinalize = .zero
        send(dialect?.finalize() ?? [])
    }

    func send(_ messages: [ProviderMessage]) {
        guard let socket else { return }
        for message in messages {
            switch message {
            case .text(let text): socket.send(text: String(buffer: text))
            case .binary(let bytes): socket.send(binary: bytes)
            }
        }
        if !messages.isEmpty, let output { lastSent = output.now }
        if socket.bufferedBytes > Self.mostBuffered {
            abandon(ProviderError(.transient, "does not take the audio; the network is too slow"))
        }
    }

    /// Keeps the connection while nothing else is sent.
    private func keepAlive() -> Task<Void, Never>? {
        guard let interval = settings.keepAlive, let output, let loop = output.loop else { return nil }
        return Task(executorPreference: loop) { [self] in
            while !Task.isCancelled {
                let quiet = output.now - lastSent
                if quiet >= interval { send(dialect?.keepAlive() ?? []) }
                let wait = quiet >= interval ? interval : interval - quiet
                guard (try? await output.sleep(for: wait)) != nil else { return }
            }
        }
    }

    // MARK: The end of a connection

    /// Gives a connection up; another one follows.
    func abandon(_ error: ProviderError) {
        guard let socket else { return }
        verdict = verdict ?? error
        socket.close()
    }

    private func dropSocket() {
        socket?.close()
        socket = nil
        dialect = nil
        ledger.disconnected()
    }
}
