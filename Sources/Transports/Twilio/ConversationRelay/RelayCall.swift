// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The far end of a ConversationRelay call: what Twilio tells goes into the session, what the agent says goes to Twilio.
///
/// Outlives a connection that breaks: another one may take its place. Confined to the session's loop, which is what
/// makes `@unchecked Sendable` true.
final class RelayCall: CallOutput, @unchecked Sendable {
    private let settings: RelayParameters
    /// Sends a message; `nil` while there is no connection.
    private var link: (@Sendable (RelayCall.Packet) -> Void)?
    private var connections = 0
    /// Whether Twilio was given a part of a reply and not its end.
    private var isReplyOpen = false
    /// The reply so far, in the dialect that sends it whole.
    private var speech = ""
    private var handOff: HandOff?
    private var memory: SessionMemory?
    private(set) var isClosed = false

    /// What is given to the connection.
    enum Packet: Sendable, Equatable {
        /// A message.
        case text(String)
        /// Nothing more comes.
        case end
    }

    /// Is told that the session is over: with what the next one to take the call should know, and what the session leaves.
    private let released: @Sendable (EndReason, HandOff?, SessionMemory?) -> Void

    /// Creates the far end of a call.
    init(
        _ settings: RelayParameters,
        released: @escaping @Sendable (EndReason, HandOff?, SessionMemory?) -> Void = { _, _, _ in }
    ) {
        self.settings = settings
        self.released = released
    }

    /// A connection is there; what was to be sent in the meantime is lost, as the caller did not hear it.
    ///
    /// - Returns: The connection's number.
    @discardableResult
    func connect(_ link: @escaping @Sendable (Packet) -> Void) -> Int {
        self.link = link
        connections += 1
        isReplyOpen = false
        if isClosed { link(.end) }
        return connections
    }

    /// A connection is gone.
    ///
    /// - Returns: Whether no other has taken its place.
    func disconnect(_ number: Int) -> Bool {
        guard number == connections else { return false }
        link = nil
        return true
    }

    /// Whether there is a connection.
    var isConnected: Bool { link != nil }

    // MARK: From Twilio

    /// Takes a message.
    func receive(_ message: RelayMessage, _ session: isolated Session) {
        switch message {
        case .prompt(let text, let language, let isLast):
            if settings.promptsFollowSpeech { push(SpeechProgress.finished, session) }
            push(Transcript(text, isFinal: isLast, isUtteranceEnd: isLast, language: language), session)
        case .key(let key): push(key, session)
        case .interrupted(let heard):
            isReplyOpen = false
            speech = ""
            push(SpeechProgress.interrupted(heard: heard), session)
        case .spoken(let words): push(SpeechProgress.heard(words), session)
        case .agentSpeaking(false) where !isReplyOpen: push(SpeechProgress.finished, session)
        case .callerSpeaking(let isSpeaking): session.report(.callerSpeaking(isSpeaking))
        case .error(let description):
            session.report(.error(PipelineError(.provider, "Twilio says: \(description.shown)")))
        case .agentSpeaking, .setup, .other: break
        }
    }

    private func push<Payload: FramePayload>(_ payload: Payload, _ session: isolated Session) {
        session.push(Frame(payload, at: session.now))
    }

    // MARK: To Twilio

    func write(_ audio: Audio, at time: MediaTime) {}

    func send(_ frame: Frame) {
        if let text = frame[ModelText.self]?.text ?? frame[Sentence.self].map({ $0.text + " " }) {
            speak(text, isUninterruptible: frame.header.isUninterruptible)
        } else if let ended = frame[ResponseEnded.self] {
            endReply(goesOn: ended.awaitsTools)
        } else if let media = frame[MediaToPlay.self] {
            link?(.text(RelayCommand.play(media)))
        } else if let keys = frame[KeysToPress.self] {
            if let command = RelayCommand.keys(keys.keys) { link?(.text(command)) }
        } else if let change = frame[LanguageChange.self] {
            if let command = RelayCommand.language(change) { link?(.text(command)) }
        } else if let handOff = frame[HandOff.self] {
            self.handOff = handOff
        }
    }

    private func speak(_ token: String, isUninterruptible: Bool) {
        guard !token.isEmpty else { return }
        guard settings.dialect == .conversationRelay else { return speech += token }
        isReplyOpen = true
        link?(
            .text(
                RelayCommand.text(
                    token, isLast: false, isInterruptible: isUninterruptible ? false : nil,
                    isPreemptible: settings.preemptible && !isUninterruptible)))
    }

    /// What was said so far is spoken, also when the reply goes on; a dialect that takes replies as one waits for the rest.
    private func endReply(goesOn: Bool) {
        if goesOn, settings.dialect != .conversationRelay { return }
        if !speech.isEmpty { link?(.text(RelayCommand.response(speech))) }
        speech = ""
        guard isReplyOpen else { return }
        isReplyOpen = false
        link?(.text(RelayCommand.text("", isLast: true)))
    }

    /// Twilio knows no message that takes speech back: what it has may end, and the next reply is one of its own.
    func clear() {
        speech = ""
        handOff = nil
        guard isReplyOpen else { return }
        isReplyOpen = false
        link?(.text(RelayCommand.text("", isLast: true, isPreemptible: true)))
    }

    func remember(_ memory: SessionMemory) { self.memory = memory }

    func close(_ reason: EndReason) {
        isClosed = true
        if case .hungUp = reason {} else { link?(.text(RelayCommand.end(handOff: handOff?.data))) }
        link?(.end)
        released(reason, handOff, memory)
    }
}
