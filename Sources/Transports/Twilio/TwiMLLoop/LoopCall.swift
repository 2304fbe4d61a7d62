// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A call that goes on from webhook to webhook: each brings the caller's words and gets a document with the reply.
///
/// Documents are numbered. A request that belongs to an older document, as Twilio sends when it tries again, gets the
/// newest one and changes nothing; one that comes while the reply is made waits for the same reply. Confined to the
/// session's loop, which is what makes `@unchecked Sendable` true.
final class LoopCall: CallOutput, @unchecked Sendable {
    /// Answers a webhook.
    typealias Answer = @Sendable (TwiML) -> Void
    /// Makes words of a recording.
    typealias Recogniser = @Sendable (_ url: String) async throws -> String

    /// Where the call stands.
    private enum Phase: Equatable {
        /// The state while the caller speaks, or Twilio listens.
        case listening
        /// The state while words are made of a recording.
        case understanding(sid: String)
        /// The state while the agent makes its reply.
        case replying
        /// The state when Twilio was told to hang up, or the session is over.
        case over
    }

    /// Webhooks of one call that wait at a time.
    private static let mostWaiting = 8
    /// Transcriptions that came before anybody asked.
    private static let mostEarly = 4

    private var script: LoopScript
    private let recogniser: Recogniser?
    private let released: @Sendable () -> Void
    private var phase = Phase.replying
    private var since = MediaTime.zero
    private var parts: [LoopScript.Part] = []
    /// The number of the newest document.
    private var step = 0
    private var document: TwiML?
    private var turns = 0
    private var reprompts = 0
    private var waiting: [Int: Answer] = [:]
    private var lastWaiting = 0
    private var early: [(sid: String, words: String)] = []

    /// Creates a call that has been answered.
    ///
    /// - Parameters:
    ///   - recogniser: Makes words of recordings, where Twilio does not.
    ///   - released: Is told that the session is over.
    init(_ script: LoopScript, recogniser: Recogniser? = nil, released: @escaping @Sendable () -> Void = {}) {
        self.script = script
        self.recogniser = recogniser
        self.released = released
        guard let greeting = script.greeting else { return }
        parts = [.words(greeting)]
        ask()
    }

    private var parameters: LoopParameters { script.parameters }

    // MARK: From Twilio

    /// Takes what a webhook brings and answers it: at once, when the reply is there, or when it takes too long.
    ///
    /// - Parameter step: The document that the request belongs to; the newest one unless it says.
    func receive(_ input: LoopInput, step asked: Int?, _ session: isolated Session, _ answer: @escaping Answer) {
        if phase == .listening, asked ?? step == step, input != .answered, input != .again { take(input, session) }
        switch phase {
        case .listening, .over: answer(document ?? script.end([]))
        case .understanding, .replying: wait(answer, session)
        }
    }

    /// Takes the words that Twilio made of a recording; what nobody waits for any more is dropped.
    func transcribed(_ sid: String, _ words: String, _ session: isolated Session) {
        if phase == .understanding(sid: sid) {
            hear(words, session)
        } else if phase == .listening {
            early.append((sid, words))
            if early.count > Self.mostEarly { early.removeFirst() }
        }
    }

    private func take(_ input: LoopInput, _ session: isolated Session) {
        since = session.now
        switch input {
        case .words(let words): hear(words, session)
        case .keys(let keys): hear(keys.map(String.init).joined(separator: " "), keys: keys, session)
        case .recording(let sid, let url): understand(sid, url, session)
        case .answered, .again: break
        }
    }

    private func understand(_ sid: String, _ url: String, _ session: isolated Session) {
        if let index = early.firstIndex(where: { $0.sid == sid }) {
            return hear(early.remove(at: index).words, session)
        }
        phase = .understanding(sid: sid)
        guard let recogniser else { return }
        Task {
            let words = await Result.of { try await recogniser(url) }
            session.understood(self, sid, words)
        }
    }

    /// Gives the caller's words to the agent; keys in the place of words also as what they are.
    private func hear(_ words: String, keys: String = "", _ session: isolated Session) {
        early = []
        guard words.contains(where: { !$0.isWhitespace }) else { return askAgain(session) }
        guard turns < parameters.maxTurns else { return finish([.words(parameters.farewell)], .tooLong, session) }
        turns += 1
        reprompts = 0
        phase = .replying
        since = session.now
        // A recording begins when everything was said; words that Twilio gathers may break in.
        let progress: SpeechProgress = parameters.listening == .gather ? .interrupted(heard: nil) : .finished
        session.push(Frame(progress, at: session.now))
        parts = []
        for key in keys.compactMap(DTMF.init) { session.push(Frame(key, at: session.now)) }
        session.push(Frame(Transcript(words, isUtteranceEnd: true), at: session.now))
    }

    private func askAgain(_ session: isolated Session) {
        reprompts += 1
        guard reprompts <= parameters.maxReprompts else {
            return finish([.words(parameters.farewell)], .idle, session)
        }
        parts = [.words(parameters.reprompt)]
        ask()
    }

    private func finish(_ parts: [LoopScript.Part], _ reason: EndReason, _ session: isolated Session) {
        conclude(parts)
        session.end(reason)
    }

    // MARK: Waiting

    private func wait(_ answer: @escaping Answer, _ session: isolated Session) {
        guard waiting.count < Self.mostWaiting else { return answer(script.hold(step: step)) }
        lastWaiting += 1
        let number = lastWaiting
        waiting[number] = answer
        session.every(parameters.answerTimeout) { [weak self] session in
            self?.waitedLong(number, session)
            return false
        }
    }

    private func waitedLong(_ number: Int, _ session: isolated Session) {
        guard waiting[number] != nil else { return }
        let limit = phase == .replying ? parameters.replyTimeout : parameters.transcriptTimeout
        if session.now - since >= limit {
            session.interrupt("the reply takes too long")
            return askAgain(session)
        }
        waiting.removeValue(forKey: number)?(script.hold(step: step))
    }

    private func give(_ document: TwiML) {
        self.document = document
        let answers = waiting.sorted { $0.key < $1.key }.map(\.value)
        waiting = [:]
        for answer in answers { answer(document) }
    }

    private func ask() {
        step += 1
        phase = .listening
        give(script.ask(parts, step: step))
        parts = []
    }

    private func conclude(_ parts: [LoopScript.Part]) {
        phase = .over
        give(script.end(parts))
    }

    // MARK: From the agent

    func write(_ audio: Audio, at time: MediaTime) {}

    func send(_ frame: Frame) {
        if let change = frame[LanguageChange.self] { script.language = change.speech ?? script.language }
        guard phase == .replying else { return }
        if let text = frame[ModelText.self]?.text ?? frame[Sentence.self].map({ $0.text + " " }) {
            speak(text)
        } else if let media = frame[MediaToPlay.self] {
            parts.append(.recording(media))
        } else if let ended = frame[ResponseEnded.self], !ended.awaitsTools {
            if ended.endsSession { conclude(parts) } else { ask() }
        }
    }

    private func speak(_ text: String) {
        if case .words(let before) = parts.last {
            parts[parts.count - 1] = .words(before + text)
        } else {
            parts.append(.words(text))
        }
    }

    func clear() { if phase == .replying { parts = [] } }

    func close(_ reason: EndReason) {
        released()
        guard phase != .over else { return }
        conclude(phase == .replying ? parts : [.words(parameters.farewell)])
    }
}

extension Result where Failure == any Error {
    /// What an operation returns or throws.
    fileprivate static func of(_ operation: () async throws -> Success) async -> Result {
        do { return .success(try await operation()) } catch { return .failure(error) }
    }
}

extension Session {
    /// Gives a call the words of a recording; without them the caller is asked again.
    fileprivate func understood(_ call: LoopCall, _ sid: String, _ words: Result<String, any Error>) {
        if case .failure(let error) = words { report(.error(PipelineError(.provider, "\(error)"))) }
        call.transcribed(sid, (try? words.get()) ?? "", self)
    }
}
