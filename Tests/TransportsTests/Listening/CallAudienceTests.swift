// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import PipelineKit
import PipelineTesting
import Testing
import WebSockets

@testable import Transports

/// Those who follow calls, with recorders in the place of their sockets.
@Suite struct CallAudienceTests {
    private let audience = CallAudience()
    private let loop = EmbeddedEventLoop()
    private let call = Call(id: "CA1", transport: "test", inputFormat: .wideband, outputFormat: nil)

    private func listen(_ id: String = "CA1", sound: Bool = false) -> RecordingPeer {
        let peer = RecordingPeer()
        let socket = ListeningSocket(audience, call: id, wantsSound: sound, on: loop)
        socket.open(peer)
        peer.keep(socket)
        loop.run()
        return peer
    }

    private func tell(_ stage: CallStage, _ events: [SessionEvent]) {
        for event in events { stage.session(call, at: .zero + .milliseconds(1500), event) }
        loop.run()
    }

    private static let said: [SessionEvent] = [
        .callerSpeaking(true), .heardCaller(TurnID(1), text: "hel", isFinal: false),
        .heardCaller(TurnID(1), text: "hello", isFinal: true),
        .spoke(TurnID(1), heard: "Good morning.", planned: "Good morning. Hi.", isInterrupted: true),
    ]

    @Test func tellsLatecomersWhatHasHappened() {
        let stage = audience.open(call)
        let early = listen()
        tell(stage, Self.said)
        let late = listen()
        #expect(early.types == ["call", "speaking", "transcript", "transcript", "transcript"])
        // What was not certain is of no interest any more.
        #expect(late.types == ["call", "speaking", "transcript", "transcript"])
        #expect(late.texts("call").first?["caller"] == ["encoding": "linear16", "rate": 16000, "channels": 1])
        #expect(late.texts("call").first?["agent"] == .null)
        #expect(late.texts("transcript").map { $0["text"] } == ["hello", "Good morning."])
        #expect(late.texts("transcript").allSatisfy { $0["time_ms"] == 1500 })
    }

    @Test func waitsForACallThatRings() {
        let peer = listen()
        #expect(peer.messages.isEmpty)
        tell(audience.open(call), Self.said)
        #expect(peer.types.first == "call")
        #expect(peer.closed.isEmpty)
    }

    @Test func knowsACallByItsCarriersName() {
        var call = Call(id: "twilio-7", transport: "test")
        call.attributes["call_sid"] = "CA1"
        _ = audience.open(call)
        #expect(listen("CA1").types == ["call"])
        #expect(listen("twilio-7").types == ["call"])
    }

    @Test func soundGoesToThoseWhoWantIt() {
        let stage = audience.open(call)
        let (hearing, reading) = (listen(sound: true), listen())
        let audio = Audio(format: .wideband, samples: [1, 2])
        stage.hear(.agent, audio, at: .zero + .milliseconds(258))
        loop.run()
        #expect(hearing.messages.last == .binary([1, 0, 0, 0, 2, 1, 0, 0, 1, 0, 2, 0]))
        #expect(reading.types == ["call"])
    }

    @Test func endsWithTheCall() {
        let stage = audience.open(call)
        let peer = listen()
        stage.close(.agentEnded)
        audience.close(stage)
        loop.run()
        #expect(peer.texts("end").map { $0["reason"] } == ["agent_ended"])
        #expect(peer.closed == [.normal])
        #expect(listen().messages.isEmpty)
    }

    @Test func takesOnlySoManyListeners() {
        _ = audience.open(call)
        let peers = (0...CallStage.mostListeners).map { _ in listen() }
        #expect(peers.dropLast().allSatisfy { $0.closed.isEmpty })
        #expect(peers.last?.closed == [.tryAgainLater])
        peers.first?.leave()
        #expect(listen().closed.isEmpty)
    }

    @Test func waitsOnlySoLongAndWithOnlySoMany() {
        let peers = (0..<101).map { listen("CA\($0)") }
        #expect(peers.count { $0.closed.isEmpty } == 100)
        #expect(peers.last?.closed == [.tryAgainLater])
        loop.advanceTime(by: ListeningSocket.patience)
        loop.run()
        #expect(peers.allSatisfy { $0.closed == [.tryAgainLater] })
    }

    @Test func keepsOnlySoMuchOfTheCall() {
        let stage = audience.open(call)
        for number in 0..<700 { tell(stage, [.heardCaller(TurnID(1), text: "\(number)", isFinal: true)]) }
        let peer = listen()
        #expect(peer.messages.count == CallStage.mostEntries)
        #expect(peer.types.first == "call")
        #expect(peer.texts("transcript").last?["text"] == "699")
    }

    @Test func overhearsBothSidesWithoutKeepingAnythingFromTheTransport() {
        let peer = listen(sound: true)
        let (log, output) = (EventLog(), RecordingOutput())
        var call = call
        (call.output, call.observer) = (output, log)
        let stage = audience.open(call)
        let watched = audience.watched(call, by: stage)
        let audio = Audio(format: .wideband, samples: [1])
        watched.onInput?(Frame(audio: audio, at: .zero))
        watched.output.write(audio, at: .zero)
        watched.output.clear()
        watched.output.close(.hungUp)
        watched.observer?.session(call, at: .zero, .turnStarted(TurnID(1)))
        loop.run()
        #expect(peer.types == ["call", "audio 0", "audio 1", "turn_started"])
        #expect(watched.output.heard(at: .zero + .seconds(9)) == .zero + .seconds(4))
        #expect(output.told == ["write", "clear", "close hung_up"])
        #expect(log.all.count == 1)
    }

    @Test func aCallIsToldOfWhatComesIn() throws {
        var call = call
        let log = FrameLog()
        call.onInput = { log.append($0) }
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        let harness = try PipelineHarness(builder.build(), call: call)
        harness.loop.perform {
            harness.session.assumeIsolated { $0.push(Frame(audio: Audio(format: .wideband, samples: [7]), at: .zero)) }
        }
        #expect(log.frames.compactMap { $0.audio?.withSamples(Array.init) } == [[7]])
    }
}

/// Remembers what it was told.
private final class RecordingOutput: CallOutput {
    private(set) var told: [String] = []

    func write(_ audio: Audio, at time: MediaTime) { told.append("write") }
    func heard(at now: MediaTime) -> MediaTime { .zero + .seconds(4) }
    func clear() { told.append("clear") }
    func close(_ reason: EndReason) { told.append("close \(reason.name)") }
}

extension RecordingPeer {
    /// The types of all messages; of sound, whose it is.
    fileprivate var types: [String] {
        messages.map { message in
            switch message {
            case .text(let value): value["type"]?.string ?? "?"
            case .binary(let bytes): "audio \(bytes[0])"
            }
        }
    }

    /// Closes the socket from the far end.
    fileprivate func leave() { (handler as? ListeningSocket)?.closed(nil, reason: "") }

    /// Holds the handler, as a socket does.
    fileprivate func keep(_ handler: any WebSocketHandler) { self.handler = handler }
}
