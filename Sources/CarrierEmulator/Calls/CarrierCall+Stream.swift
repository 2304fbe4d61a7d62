// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit
import Transports
import WebSockets

extension CarrierCall {
    /// Opens a media stream and returns when it is over.
    func perform(_ stream: TwiMLVerb.Stream) async throws -> Step {
        try check(stream.url)
        let streamSid = CarrierSID.make("MZ")
        let identity = StreamIdentity(
            accountSid: environment.account.sid, callSid: sid, streamSid: streamSid, parameters: stream.parameters)
        let client = MediaStreamClient(
            MediaStreamClient.Settings(
                identity: identity, script: setup.party.script, caller: caller, offset: lineTime,
                sound: setup.party.sound,
                faults: setup.party.faults, isRecording: setup.party.isRecorded),
            on: environment.group.next())
        liveStream = client
        defer { liveStream = nil }
        report(stream, streamSid, "stream-started")
        do {
            let outcome = try await client.run(
                url: environment.webhooks.routes.resolve(stream.url), headers: upgradeHeaders(stream.url))
            return try close(stream, streamSid, outcome)
        } catch let error as WebSocketError {
            let warning = Self.warning(error)
            report(stream, streamSid, "stream-error", error: warning.message)
            note(.warning(warning))
            return stream.action.map { step(to: $0, []) } ?? .next
        }
    }

    private func close(
        _ stream: TwiMLVerb.Stream, _ streamSid: String, _ outcome: MediaStreamOutcome
    ) throws -> Step {
        streams.append(outcome)
        let start = lineTime
        lineTime += outcome.duration
        caller = outcome.caller
        for said in outcome.said { noteSaid(said, start) }
        for warning in outcome.warnings { note(.warning(warning)) }
        report(stream, streamSid, "stream-stopped")
        switch outcome.end {
        case .callerHungUp, .stopped: throw CancellationError()
        case .agentClosed: break
        case .lost(let reason): note(.warning(CarrierWarning(31921, reason)))
        }
        return stream.action.map { step(to: $0, []) } ?? .next
    }

    private func noteSaid(_ said: MediaStreamOutcome.Said, _ start: Duration) {
        let now = lineTime
        lineTime = start + said.time
        note(said.isKeys ? .callerPressed(said.text) : .callerSaid(said.text))
        lineTime = now
    }

    /// Checks the address of a socket as the carrier does.
    ///
    /// - Throws: ``CarrierWarning``.
    func check(_ url: String) throws(CarrierWarning) {
        let isPlain = url.hasPrefix("ws://")
        guard url.hasPrefix("wss://") || (isPlain && environment.allowsPlainText) else {
            throw CarrierWarning(31922, "'\(url.prefix(100))' does not begin with wss://")
        }
        guard !url.contains("?") else { throw CarrierWarning(31920, "the address of a stream has no query") }
    }

    /// The headers that open a socket to the agent.
    func upgradeHeaders(_ url: String) -> HTTPHeaders {
        [
            WebhookSignature.header: WebhookSignature.value(url: url, key: environment.account.authToken.value),
            "user-agent": "Twilio.TmeWs/1.0", "host": PublicRoutes.authority(url),
        ]
    }

    private static func warning(_ error: WebSocketError) -> CarrierWarning {
        switch error.code {
        case .notReachable: CarrierWarning(31902, error.message)
        case .timedOut: CarrierWarning(31901, error.message)
        case .badURL: CarrierWarning(31922, error.message)
        case .refused, .badHandshake: CarrierWarning(31920, error.message)
        }
    }

    private func report(_ stream: TwiMLVerb.Stream, _ streamSid: String, _ event: String, error: String? = nil) {
        guard let callback = stream.statusCallback, let url = callback.url.flatMap(address) else { return }
        let fields = [
            FormField("AccountSid", environment.account.sid), FormField("CallSid", sid),
            FormField("StreamSid", streamSid), FormField("StreamName", stream.name), FormField("StreamEvent", event),
        ]
        let before = transcriptions.last
        transcriptions.append(
            Task {
                await before?.value
                await report(fields + (error.map { [FormField("StreamError", $0)] } ?? []), to: url)
            })
    }
}
