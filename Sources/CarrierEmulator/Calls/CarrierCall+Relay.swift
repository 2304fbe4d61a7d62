// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import WebSockets

extension CarrierCall {
    /// Time from the caller's first sound to the carrier stopping its voice.
    private static let interruptTime = Duration.milliseconds(300)
    /// Silence after which the caller's words are sent on.
    private static let endOfSpeech = Duration.milliseconds(600)

    /// Opens a relay of text and returns when it is over.
    func perform(_ relay: TwiMLVerb.Relay) async throws -> Step {
        var session = RelaySession(relay, sid: CarrierSID.make("VX"), start: lineTime)
        do {
            try check(relay.url)
            let socket = try await RelaySocket.open(
                environment.webhooks.routes.resolve(relay.url), headers: upgradeHeaders(relay.url),
                on: environment.group)
            defer { socket.close(.normal) }
            socket.send(setupMessage(relay, session.outcome.sessionID))
            try await talk(&session, socket)
        } catch let error as WebSocketError {
            session.outcome.error = CarrierWarning(64102, error.message)
        } catch is CancellationError {
            session.outcome.status = .completed
        }
        return try finish(relay, session)
    }

    private func finish(_ relay: TwiMLVerb.Relay, _ session: RelaySession) throws -> Step {
        var outcome = session.outcome
        outcome.duration = lineTime - session.start
        relays.append(outcome)
        caller.agentSpeaks(false, at: lineTime)
        if let error = outcome.error { note(.warning(error)) }
        guard let action = relay.action else {
            if outcome.status == .completed { throw CancellationError() }
            return .next
        }
        let fields = resultFields(outcome)
        guard outcome.status == .completed else { return step(to: action, fields) }
        // Nobody is there any more, but the agent is told.
        if let url = action.url.flatMap(address) {
            let all = standardFields(.completed) + fields
            transcriptions.append(Task { await report(all, to: url) })
        }
        throw CancellationError()
    }

    private func resultFields(_ outcome: RelayOutcome) -> [FormField] {
        var fields = [
            FormField("SessionId", outcome.sessionID), FormField("SessionStatus", outcome.status.rawValue),
            FormField("SessionDuration", String(outcome.duration.components.seconds)),
        ]
        if let data = outcome.handoffData { fields.append(FormField("HandoffData", data)) }
        if outcome.status == .failed, let error = outcome.error {
            fields += [FormField("ErrorCode", String(error.code)), FormField("ErrorMessage", error.message)]
        }
        return fields
    }

    private func setupMessage(_ relay: TwiMLVerb.Relay, _ session: String) -> JSONValue {
        [
            "type": "setup", "sessionId": .string(session), "accountSid": .string(environment.account.sid),
            "parentCallSid": "", "callSid": .string(sid), "from": .string(setup.from), "to": .string(setup.to),
            "forwardedFrom": "", "callType": "PSTN", "callerName": "",
            "direction": .string(setup.isOutbound ? "outbound-api" : "inbound"),
            "callStatus": .string(setup.isOutbound ? "IN-PROGRESS" : "RINGING"),
            "customParameters": .object(relay.parameters.map { .init($0.name, .string($0.value)) }),
        ]
    }

    // MARK: Talking

    private func talk(_ session: inout RelaySession, _ socket: RelaySocket) async throws {
        while true {
            try await passTick()
            for arrival in socket.takeArrivals() {
                guard session.take(arrival, from: socket, log: note) else { return }
            }
            for message in session.speak(Self.tick, &caller, at: lineTime, log: note) { socket.send(message) }
            if session.isHearing {
                if let words = session.hear(at: lineTime) { prompt(words, &session, socket) }
            } else if let action = caller.action(at: lineTime) {
                act(action, &session, socket)
                if action == .hangUp { throw CancellationError() }
            }
            if let spoken = session.interruption(at: lineTime) { interrupt(spoken, &session, socket) }
        }
    }

    private func act(_ action: CallerMachine.Action, _ session: inout RelaySession, _ socket: RelaySocket) {
        switch action {
        case .hangUp: break
        case .press(let keys):
            note(.callerPressed(String(keys)))
            caller.finished(at: lineTime)
            guard session.relay.detectsKeys else { return }
            for key in keys { socket.send(["type": "dtmf", "digit": .string(String(key))]) }
        case .speak(let step):
            let words = setup.party.script.steps[step].say ?? ""
            let end = lineTime + speakingTime(step)
            session.begin(words, until: end, prompt: end + Self.endOfSpeech, interruptAt: lineTime + Self.interruptTime)
            if session.relay.reportsSpeaking { socket.send(RelaySession.speaker("clientSpeaking", isOn: true)) }
        }
    }

    private func prompt(_ words: String, _ session: inout RelaySession, _ socket: RelaySocket) {
        caller.finished(at: lineTime)
        if session.relay.reportsSpeaking { socket.send(RelaySession.speaker("clientSpeaking", isOn: false)) }
        note(.callerSaid(words))
        // While the agent speaks on, what the caller says is reported only when that is asked for.
        guard !session.speech.isSpeaking || session.relay.reportsSpeech, !words.isEmpty else { return }
        if session.relay.sendsPartialPrompts {
            let half = words.split(separator: " ").prefix(words.split(separator: " ").count / 2)
            socket.send(session.prompt(half.joined(separator: " "), isLast: false))
        }
        session.promptedAt = .now
        socket.send(session.prompt(words, isLast: true))
    }

    private func interrupt(_ spoken: RelaySpeech.Spoken, _ session: inout RelaySession, _ socket: RelaySocket) {
        caller.agentSpeaks(false, at: lineTime)
        caller.agentSaid(spoken.text)
        note(.agentSaid(spoken.text, isInterrupted: true))
        session.outcome.interruptions.append(spoken.text)
        socket.send([
            "type": "interrupt", "utteranceUntilInterrupt": .string(spoken.text),
            "durationUntilInterruptMs": .integer(Int(spoken.duration.milliseconds)),
        ])
    }
}
