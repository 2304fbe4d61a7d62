// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import PipelineKit
import Testing
import WebSockets

@testable import CarrierEmulator

/// Sends the caller's audio back, with a mark behind every tenth piece; presses of a key clear, or close.
private final class EchoAgent: WebSocketHandler {
    private var streamSid = ""
    private var count = 0

    func received(text: ByteBuffer, _ socket: WebSocket) {
        guard let message = try? JSONValue(parsing: text.readableBytesView) else { return }
        switch message["event"]?.string {
        case "start": streamSid = message["streamSid"]?.string ?? ""
        case "media":
            let payload = message["media"]?["payload"]?.string ?? ""
            socket.send(
                text: #"{"event":"media","streamSid":"\#(streamSid)","media":{"payload":"\#(payload)"}}"#)
            count += 1
            if count.isMultiple(of: 10) {
                socket.send(text: #"{"event":"mark","streamSid":"\#(streamSid)","mark":{"name":"\#(count)"}}"#)
            }
        case "dtmf" where message["dtmf"]?["digit"] == "9": socket.close(.normal)
        case "dtmf": socket.send(text: #"{"event":"clear","streamSid":"\#(streamSid)","why":"extra"}"#)
        default: break
        }
    }

    func closed(_ code: WebSocketCloseCode?, reason: String) {}
}

@Suite struct StreamCallTests {
    private func call(
        _ steps: [CallerStep], faults: NetworkFaults = NetworkFaults(), _ check: (CallReport, TestAgent) throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let origin = Origin()
        let agent = try await TestAgent.start(
            on: group, accept: { _ in EchoAgent() },
            answer: { request in
                let body =
                    request.target == "/voice"
                    ? "<Connect action='/after'><Stream url='\(origin.value)/media'/></Connect>" : "<Hangup/>"
                return (200, "<Response>\(body)</Response>")
            })
        origin.value = agent.socketOrigin
        let carrier = try await Carrier.start(on: group)
        let script = CallerScript(steps)
        let sound = try await SpokenScript(script) { text in
            // A tone whose length tells the words apart.
            (0..<text.count * 400).map { $0 / 10 % 2 == 0 ? 8000 : -8000 }
        }
        var party = CallParty(script, sound: sound)
        party.faults = faults
        let report = await carrier.call(agent.origin + "/voice", party)
        try await carrier.shutDown()
        try check(#require(report), agent)
        try await agent.stop()
    }

    /// Set once the agent's port is known.
    private final class Origin: @unchecked Sendable {
        // Written once before the first request.
        var value = ""
    }

    private func step(_ at: Int, say: String? = nil, press: String? = nil, hangup: Bool = false) -> CallerStep {
        var step = CallerStep(say: say, press: press, hangup: hangup)
        step.at = .milliseconds(at)
        return step
    }

    @Test func theCallerHearsWhatTheAgentSends() async throws {
        try await call([step(100, say: "hello"), step(600, hangup: true)]) { report, agent in
            let stream = try #require(report.streams.first)
            #expect(stream.end == .callerHungUp)
            #expect(stream.warnings == [])
            let recording = try #require(stream.recording)
            let isSound = { (code: UInt8) in code != PlaybackQueue.silence }
            // On a busy machine an echo may come late and leave a hole; what is heard stays the same.
            let isEcho = recording.heard.filter(isSound).prefix(1000) == recording.said.filter(isSound).prefix(1000)
            #expect(isEcho)
            let delay =
                (recording.heard.firstIndex(where: isSound) ?? 0) - (recording.said.firstIndex(where: isSound) ?? 0)
            #expect(delay >= 160)
            #expect(report.transcript.map(\.text) == ["hello"])
            #expect(agent.received("/media").first?.signature.isEmpty == false)
        }
    }

    @Test func anAgentThatClosesTheSocketGoesOnWithItsTwiML() async throws {
        try await call([step(200, press: "9")]) { report, agent in
            #expect(report.streams.first?.end == .agentClosed)
            #expect(agent.received("/after").count == 1)
            #expect(report.events.contains { $0.kind == .verb("Hangup") })
        }
    }

    @Test func aMessageWithAMemberTooManyIsListed() async throws {
        try await call([step(200, press: "1"), step(500, hangup: true)]) { report, _ in
            #expect(report.warnings.map(\.code) == [31951])
        }
    }

    @Test func aNetworkMayDelayLoseAndDoubleWhatPassesIt() async throws {
        var faults = NetworkFaults()
        faults.delay = .milliseconds(60)
        faults.jitter = .milliseconds(40)
        faults.lossRatio = 0.2
        faults.duplicateRatio = 0.2
        try await call([step(100, say: "hello"), step(700, hangup: true)], faults: faults) { report, _ in
            let stream = try #require(report.streams.first)
            #expect(stream.end == .callerHungUp)
            #expect(stream.warnings == [])
            let count = stream.arrivals.messageCount
            #expect((10...45).contains(count), "\(count)")
        }
    }

    @Test func aBrokenNetworkEndsTheStream() async throws {
        var faults = NetworkFaults()
        faults.disconnectAt = .milliseconds(200)
        try await call([step(5000, hangup: true)], faults: faults) { report, agent in
            guard case .lost = report.streams.first?.end else {
                Issue.record("\(report.streams)")
                return
            }
            #expect(report.warnings.map(\.code) == [31921])
            #expect(agent.received("/after").count == 1)
        }
    }
}
