// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import WebSockets

/// One session of a text relay: what is being spoken, what the caller is saying, and what the agent did wrong.
struct RelaySession {
    private static let malformedLimit = 10
    private static let refusedLimit = 100

    /// What the document asks for.
    let relay: TwiMLVerb.Relay
    /// Line time at its beginning.
    let start: Duration
    var outcome: RelayOutcome
    private(set) var speech = RelaySpeech()
    /// When the last prompt was sent, until the first token of its answer comes.
    var promptedAt: ContinuousClock.Instant?
    private var malformedInARow = 0
    private var utterance: (words: String, promptAt: Duration)?
    private var interruptAt: Duration?
    private var wasSpeaking = false

    /// Begins a session; the greeting is spoken first.
    init(_ relay: TwiMLVerb.Relay, sid: String, start: Duration) {
        self.relay = relay
        self.start = start
        outcome = RelayOutcome(sessionID: sid)
        guard !relay.welcomeGreeting.isEmpty else { return }
        let greeting = RelayCommand.Text(token: relay.welcomeGreeting, isLast: true)
        _ = speech.append(greeting, isInterruptible: relay.isGreetingInterruptible)
    }

    // MARK: From the agent

    /// Takes what came in; answers false when the session is over.
    mutating func take(
        _ arrival: RelaySocket.Arrival, from socket: RelaySocket, log: (CarrierEvent.Kind) -> Void
    ) -> Bool {
        switch arrival {
        case .closed(_, let reason):
            outcome.error = CarrierWarning(64105, "the agent closed the socket without 'end': \(reason)")
            return false
        case .binary: return refuse(CarrierWarning(64107, "Invalid message received: binary"), socket)
        case .text(let bytes, let time):
            do {
                let command = try RelayCommand(parsing: bytes)
                malformedInARow = 0
                return carryOut(command, at: time, log)
            } catch {
                return refuse(error, socket)
            }
        }
    }

    private mutating func carryOut(
        _ command: RelayCommand, at time: ContinuousClock.Instant, _ log: (CarrierEvent.Kind) -> Void
    ) -> Bool {
        switch command {
        case .text(let piece):
            if let promptedAt {
                outcome.tokenLatency.add(time - promptedAt)
                self.promptedAt = nil
            }
            outcome.tokenCount += 1
            if let cut = speech.append(piece, isInterruptible: relay.isInterruptible), !cut.text.isEmpty {
                log(.agentSaid(cut.text, isInterrupted: true))
            }
        case .play(let source): if outcome.played.count < 1000 { outcome.played.append(source) }
        case .sendDigits(let digits): log(.agentPressed(digits))
        case .language(let tts, let transcription):
            if outcome.languages.count < 1000 { outcome.languages.append(tts ?? transcription ?? "") }
        case .end(let data):
            outcome.status = .ended
            outcome.handoffData = data
            return false
        }
        return true
    }

    private mutating func refuse(_ warning: CarrierWarning, _ socket: RelaySocket) -> Bool {
        if outcome.refused.count < Self.refusedLimit { outcome.refused.append(warning) }
        socket.send(["type": "error", "description": .string(warning.message)])
        malformedInARow += 1
        guard malformedInARow >= Self.malformedLimit else { return true }
        let reason = "Too many consecutive malformed messages"
        socket.close(.invalidPayload, reason: reason)
        outcome.error = CarrierWarning(64105, reason)
        return false
    }

    // MARK: To the caller

    /// Speaks for a moment; returns messages for the agent.
    mutating func speak(
        _ moment: Duration, _ caller: inout CallerMachine, at time: Duration, log: (CarrierEvent.Kind) -> Void
    ) -> [JSONValue] {
        var messages: [JSONValue] = []
        let (words, replies) = speech.advance(by: moment)
        if relay.reportsTokens, !words.isEmpty {
            messages.append(["type": "info", "name": "tokensPlayed", "value": .string(words.joined(separator: " "))])
        }
        for reply in replies where !reply.text.isEmpty {
            caller.agentSaid(reply.text)
            log(.agentSaid(reply.text, isInterrupted: false))
        }
        let isSpeaking = speech.isSpeaking
        if isSpeaking != wasSpeaking {
            caller.agentSpeaks(isSpeaking, at: time)
            if relay.reportsSpeaking { messages.append(Self.speaker("agentSpeaking", isOn: isSpeaking)) }
        }
        wasSpeaking = isSpeaking
        return messages
    }

    // MARK: From the caller

    /// Whether the caller is saying something.
    var isHearing: Bool { utterance != nil }

    /// The caller begins to speak.
    mutating func begin(_ words: String, until end: Duration, prompt: Duration, interruptAt: Duration) {
        utterance = (words, prompt)
        if speech.isSpeaking, speech.isInterruptible { self.interruptAt = min(interruptAt, end) }
    }

    /// The caller's words, once they are complete.
    mutating func hear(at time: Duration) -> String? {
        guard let utterance, time >= utterance.promptAt else { return nil }
        self.utterance = nil
        return utterance.words
    }

    /// What had been spoken, at the moment at which the caller's speech stops it.
    mutating func interruption(at time: Duration) -> RelaySpeech.Spoken? {
        guard let interruptAt, time >= interruptAt else { return nil }
        self.interruptAt = nil
        guard speech.isSpeaking else { return nil }
        wasSpeaking = false
        return speech.interrupt()
    }

    // MARK: Messages

    /// What the caller said.
    func prompt(_ words: String, isLast: Bool) -> JSONValue {
        ["type": "prompt", "voicePrompt": .string(words), "lang": .string(relay.language), "last": .bool(isLast)]
    }

    /// Somebody began to speak, or stopped.
    static func speaker(_ name: String, isOn: Bool) -> JSONValue {
        ["type": "info", "name": .string(name), "value": isOn ? "on" : "off"]
    }
}
