// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import PipelineKit
import PipelineTesting
import Testing
import WebSockets

@testable import Transports

/// An RTVI client's call in virtual time, with a recorder in the place of the socket.
@Suite struct RTVICallTests {
    private let peer = RecordingPeer()
    private let heard = FrameLog()
    private let call: RTVICall
    private let harness: PipelineHarness

    init() throws {
        call = RTVICall(SilentHost(), on: EmbeddedEventLoop())
        let heard = heard
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Tap(heard))
        builder.add(Reciter(NoParameters()))
        builder.add(ReciterVoice(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        call.open(peer)
        harness = try PipelineHarness(builder.build(), call: call.call())
        harness.loop.perform { call.session.adopt(harness.session) }
    }

    private func send(_ type: String, _ data: String = "{}") {
        let text = #"{"label":"rtvi-ai","type":"\#(type)","id":"7","data":\#(data)}"#
        harness.loop.perform { call.receive(text: ByteBuffer(string: text)) }
    }

    private var types: [String] {
        peer.messages.compactMap { message in
            guard case .text(let value) = message, value["label"] == "rtvi-ai" else { return nil }
            return value["type"]?.string
        }
    }

    @Test func answersTheHandshakeWithTheRequestsID() {
        send("client-ready", #"{"version":"2.1.0"}"#)
        let ready = peer.texts("bot-ready").first
        #expect(ready?["id"] == "7")
        #expect(ready?["data"]?["version"] == "2.2.0")
        #expect(ready?["data"]?["capabilities"]?["audio_in"] == true)
    }

    @Test func speaksTheVersionOfAnOldClient() {
        send("client-ready", #"{"version":"1.4.0"}"#)
        #expect(peer.texts("bot-ready").first?["data"]?["version"] == "1.4.0")
        send("client-ready", #"{"version":"9"}"#)
        #expect(peer.texts("error-response").first?["id"] == "7")
        #expect(peer.texts("bot-ready").count == 2)
    }

    @Test func tellsAReplyInItsOrder() {
        send("client-ready", #"{"version":"2.1.0"}"#)
        send("send-text", #"{"content":"speak"}"#)
        harness.advance(by: .seconds(2))
        let told = types.filter { $0 != "bot-tts-audio" }
        let order = [
            "bot-ready", "bot-llm-started", "bot-llm-text", "bot-output", "bot-tts-started", "bot-tts-text",
            "bot-started-speaking", "bot-llm-stopped", "bot-tts-stopped", "bot-stopped-speaking",
        ]
        #expect(told == order)
        let output = peer.texts("bot-output").first?["data"]
        #expect(output?["text"] == "one two")
        #expect(output?["aggregated_by"] == "sentence")
        #expect(output?["spoken_status"] == "new")
        let audio = peer.texts("bot-tts-audio").compactMap { $0["data"]?["audio"]?.string }
        #expect(audio.flatMap { Base64.decode($0.utf8) ?? [] }.count == 2 * 24000)
    }

    @Test func sendsFramesToAClientThatSendsFrames() throws {
        let ready = #"{"label":"rtvi-ai","type":"client-ready","id":"7","data":{"version":"2.1.0"}}"#
        let frame = RTVIFrame.message(ByteBuffer(string: ready)).bytes
        harness.loop.perform { call.receive(binary: frame) }
        send("send-text", #"{"content":"speak"}"#)
        harness.advance(by: .seconds(2))
        let frames = try peer.messages.map { message -> RTVIFrame in
            guard case .binary(let bytes) = message else { return .unknown }
            return try RTVIFrame(ByteBuffer(bytes: bytes))
        }
        #expect(!frames.contains(.unknown))
        let sampleBytes = frames.reduce(0) { sum, frame in
            guard case .audio(let audio) = frame, audio.rateHz == 24000 else { return sum }
            return sum + audio.samples.readableBytes
        }
        #expect(sampleBytes == 2 * 24000)
    }

    @Test func takesAudioAndKeys() {
        harness.advance(by: .milliseconds(50))
        send("raw-audio", #"{"base64Audio":"AQACAA==","sampleRate":16000,"numChannels":1}"#)
        send("dtmf", #"{"buttons":["1","2"]}"#)
        #expect(heard.frames.compactMap { $0.audio?.withSamples(Array.init) } == [[1, 2]])
        #expect(heard.frames.compactMap { $0[DTMF.self]?.digit } == ["1", "2"])
    }

    @Test func refusesAudioOfAnotherForm() {
        send("raw-audio", #"{"base64Audio":"AQACAA==","sampleRate":44100,"numChannels":1}"#)
        send("raw-audio", #"{"base64Audio":"AQACAA==","sampleRate":16000,"numChannels":2}"#)
        send("raw-audio", #"{"base64Audio":"AQA=","sampleRate":-5}"#)
        #expect(peer.texts("error-response").count == 2)
        #expect(heard.frames.count(where: { $0.audio != nil }) == 1)
    }

    @Test func tellsAnInterruption() {
        send("client-ready", #"{"version":"2.1.0"}"#)
        send("send-text", #"{"content":"speak"}"#)
        harness.advance(by: .milliseconds(300))
        send("send-text", #"{"content":"stop"}"#)
        #expect(types.contains("bot-interrupted"))
        #expect(types.contains("bot-stopped-speaking"))
    }

    @Test func disconnectingHangsUp() {
        send("disconnect-bot")
        harness.advance(by: .seconds(1))
        #expect(harness.events.report?.reason.name == "hung_up")
        #expect(peer.closed == [.normal])
    }

    @Test func saysWhatItDoesNotUnderstand() {
        harness.loop.perform { call.receive(text: ByteBuffer(string: "{")) }
        harness.loop.perform { call.receive(binary: ByteBuffer(bytes: [0xFF])) }
        send("client-message", #"{"t":"get"}"#)
        #expect(peer.texts("error-response").count == 3)
        #expect(peer.closed.isEmpty)
    }

    @Test func eventsBecomeNotices() {
        var events = RTVIEvents()
        let time = "2026-11-21T16:00:00.000Z"
        let types = { (event: SessionEvent, events: inout RTVIEvents) in
            events.notices(of: event, timestamp: time).map(\.type)
        }
        let turn = TurnID(1)
        #expect(types(.turnStarted(turn), &events) == ["user-started-speaking"])
        #expect(
            types(.heardCaller(turn, text: "hel", isFinal: false), &events) == ["user-input", "user-transcription"])
        #expect(
            types(.heardCaller(turn, text: "hello", isFinal: true), &events)
                == ["user-input", "user-transcription", "user-stopped-speaking", "user-llm-text"])
        #expect(types(.callerSpeaking(false), &events) == ["vad-user-stopped-speaking"])
        let parts = [
            TurnRecord.Part(name: "model", duration: .milliseconds(120)),
            TurnRecord.Part(name: "own", duration: .milliseconds(1)),
        ]
        let record = TurnRecord(turn: turn, gap: .milliseconds(121), parts: parts)
        let metrics = events.notices(of: .turn(record), timestamp: time).first
        #expect(metrics?.data?["ttfb"] == [["processor": "model", "value": 0.12]])
        #expect(types(.error(PipelineError(.provider, "no answer")), &events) == ["error"])
        #expect(
            types(.spoke(turn, heard: "One", planned: "One two", isInterrupted: true), &events)
                == ["bot-transcription"])
    }

    @Test func aClientThatIsSilentIsClosed() {
        send("client-ready", #"{"version":"2.1.0"}"#)
        harness.advance(by: .seconds(300))
        #expect(harness.events.report?.reason.name == "idle")
        #expect(peer.closed == [.normal])
    }

    /// What is no beginning does not put the deadline off.
    @Test func aClientThatNeverBeginsIsClosed() {
        let eventLoop = EmbeddedEventLoop()
        let silent = RTVICall(SilentHost(), on: eventLoop)
        let peer = RecordingPeer()
        silent.open(peer)
        eventLoop.advanceTime(by: .seconds(9))
        silent.receive(text: ByteBuffer(string: #"{"label":"rtvi-ai","type":"describe-config","id":"1"}"#))
        silent.receive(binary: ByteBuffer(bytes: [1, 2, 3]))
        #expect(peer.closed.isEmpty)
        eventLoop.advanceTime(by: .seconds(1))
        #expect(peer.closed == [.policyViolation])
    }

    @Test func timestampsAreISO8601() {
        #expect(Timestamp.text(seconds: 1_795_277_400, milliseconds: 7) == "2026-11-21T16:10:00.007Z")
        #expect(Timestamp.text(seconds: 0, milliseconds: 0) == "1970-01-01T00:00:00.000Z")
    }
}

/// Takes no call.
private struct SilentHost: CallHost {
    func accept(_ call: Call) async throws -> Session { throw CallRefused("nobody is there") }
}
