// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import PipelineKit
import PipelineTesting
import Testing
import WebSockets

@testable import Transports

/// A page's call in virtual time, with a recorder in the place of the socket.
@Suite struct BrowserCallTests {
    private let peer = RecordingPeer()
    private let heard = FrameLog()
    private let played = FrameLog()
    private let eventLoop = EmbeddedEventLoop()
    private let call: BrowserCall
    private let harness: PipelineHarness

    init() throws {
        call = BrowserCall(NoHost(), on: eventLoop, title: "Test")
        let (heard, played) = (heard, played)
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Tap(heard))
        builder.add(Reciter(NoParameters()))
        builder.add(ReciterVoice(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        builder.add(Tap(played), id: "played")
        call.open(peer)
        guard case .start(let wishes) = try BrowserRequest(Self.start.utf8) else { throw NoHost.Refusal() }
        harness = try PipelineHarness(builder.build(), call: call.call(wishes))
        harness.loop.perform { call.session.adopt(harness.session) }
    }

    private static let start = #"""
        {"type":"start","version":1,"input":{"rate":16000},"output":{"rate":16000},"metadata":{"from":"Ada"}}
        """#

    private func send(_ text: String) { harness.loop.perform { call.receive(text: ByteBuffer(string: text)) } }
    private func send(audio bytes: Int) {
        harness.loop.perform { call.receive(audio: ByteBuffer(repeating: 1, count: bytes)) }
    }
    private func acknowledge(_ milliseconds: Int, generation: Int = 1) {
        send(#"{"type":"played","generation":\#(generation),"position":\#(milliseconds * 16)}"#)
    }
    private var spoken: [(heard: Duration, isComplete: Bool)] {
        played.frames.compactMap { frame in
            guard case .spoken(_, let heard, let isComplete) = frame[Playback.self] else { return nil }
            return (heard, isComplete)
        }
    }

    @Test func tellsThePageThatItIsReady() {
        let ready = peer.texts("ready").first
        #expect(ready?["session"]?.string == call.id)
        #expect(ready?["title"]?.string == "Test")
        #expect(ready?["input"] == ["encoding": "pcm_s16le", "rate": 16000, "channels": 1])
        #expect(harness.call.attributes == ["from": "Ada"])
        #expect(harness.call.lead == BrowserCall.lead)
    }

    @Test func cutsTheMicrophoneIntoFramesAndStampsThem() {
        harness.advance(by: .milliseconds(50))
        send(audio: 1600)
        let frames = heard.frames.filter { $0.audio != nil }
        #expect(frames.map(\.mediaTime.nanoseconds) == [30_000_000, 50_000_000, 70_000_000])
        #expect(frames.compactMap { $0.audio?.sampleCount } == [320, 320, 160])
        #expect(frames.first?.audio?.withSamples { $0.first } == 0x0101)
    }

    @Test func refusesHalfASample() {
        send(audio: 641)
        #expect(peer.texts("error").first?["code"] == "bad_audio")
        #expect(peer.closed == [.policyViolation])
        #expect(heard.frames.filter { $0.audio != nil }.isEmpty)
        harness.advance(by: .seconds(1))
        #expect(harness.events.report?.reason.name == "hung_up")
    }

    @Test func givesUpAPageThatFloods() {
        for _ in 0..<600 { send(audio: 640) }
        #expect(peer.texts("error").first?["code"] == "too_fast")
        #expect(peer.closed == [.policyViolation])
        #expect(heard.frames.count(where: { $0.audio != nil }) <= 6)
    }

    @Test func typedWordsAreWordsOfTheCaller() {
        send(#"{"type":"text","text":"a haircut, please"}"#)
        send(#"{"type":"dtmf","digit":"5"}"#)
        #expect(heard.frames.compactMap { $0[Transcript.self]?.text } == ["a haircut, please"])
        #expect(heard.frames.compactMap { $0[Transcript.self]?.isUtteranceEnd } == [true])
        #expect(heard.frames.compactMap { $0[DTMF.self]?.digit } == ["5"])
    }

    @Test func sendsAReplyInOrder() {
        send(#"{"type":"text","text":"speak"}"#)
        harness.advance(by: .seconds(2))
        let words = peer.texts("words").first
        #expect(words?["text"] == "one two")
        #expect(words?["position"] == 0)
        #expect(words?["generation"] == 1)
        #expect(words?["words"]?.array?.count == 2)
        #expect(peer.texts("audio_start") == [["type": "audio_start", "generation": 1]])
        #expect(peer.samples(generation: 1) == Array(repeating: 1000, count: 16000))
        #expect(peer.texts("audio_end") == [["type": "audio_end", "generation": 1]])
        let order = peer.messages.compactMap { message -> String? in
            if case .text(let value) = message { value["type"]?.string } else { "audio" }
        }
        let start = order.firstIndex(of: "audio_start") ?? 0
        #expect(order.firstIndex(of: "words") ?? .max < start)
        #expect(order.firstIndex(of: "audio") == start + 1)
        #expect(order.lastIndex(of: "audio") ?? .max < order.firstIndex(of: "audio_end") ?? 0)
    }

    @Test func theReplyIsOverWhenThePageHasPlayedIt() {
        acknowledge(0)
        send(#"{"type":"text","text":"speak"}"#)
        harness.advance(by: .milliseconds(1200))
        #expect(spoken.isEmpty)
        acknowledge(600)
        harness.advance(by: .milliseconds(100))
        #expect(spoken.isEmpty)
        acknowledge(1000)
        harness.advance(by: .milliseconds(100))
        #expect(spoken.map(\.heard) == [.seconds(1)])
        #expect(spoken.map(\.isComplete) == [true])
    }

    @Test func anInterruptionFlushesAndCountsWhatThePagePlayed() {
        acknowledge(0)
        send(#"{"type":"text","text":"speak"}"#)
        harness.advance(by: .milliseconds(700))
        acknowledge(500)
        send(#"{"type":"interrupt"}"#)
        #expect(peer.texts("flush") == [["type": "flush", "generation": 2]])
        #expect(spoken.map(\.heard) == [.milliseconds(500)])
        #expect(spoken.map(\.isComplete) == [false])
        let sent = peer.messages.count
        acknowledge(900)
        harness.advance(by: .seconds(1))
        #expect(peer.messages[sent...].allSatisfy { if case .text = $0 { true } else { false } })
    }

    @Test func heldAudioGoesOnInTheNextGeneration() {
        acknowledge(0)
        send(#"{"type":"text","text":"speak"}"#)
        harness.advance(by: .milliseconds(700))
        acknowledge(500)
        harness.send(PlaybackControl.pause)
        harness.advance(by: .milliseconds(300))
        harness.send(PlaybackControl.resume)
        harness.advance(by: .milliseconds(600))
        #expect(
            peer.texts("audio_start").last == [
                "type": "audio_start", "generation": 2, "resumes": ["generation": 1, "position": 8000],
            ])
        #expect(peer.samples(generation: 2).count == 8000)
    }

    @Test func dropsWhatASlowPageDoesNotTakeAndGivesItUp() {
        peer.bufferedBytes = 40_000
        for _ in 0..<6 {
            send(#"{"type":"text","text":"speak"}"#)
            harness.advance(by: .milliseconds(1100))
            harness.loop.perform { eventLoop.run() }
        }
        #expect(peer.samples(generation: 1).isEmpty)
        #expect(peer.texts("error").map { $0["code"] } == ["too_slow"])
        #expect(peer.closed == [.policyViolation])
    }

    @Test func aMessageThatIsNotUnderstoodChangesNothing() {
        send("{")
        send(#"{"type":"dance"}"#)
        send(Self.start)
        #expect(peer.texts("error").map { $0["code"] } == ["bad_message", "unknown_message", "out_of_order"])
        #expect(peer.texts("error").allSatisfy { $0["fatal"] == false })
        #expect(peer.closed.isEmpty)
    }

    @Test func saysWhyTheCallIsOver() {
        harness.end(.agentEnded)
        #expect(peer.texts("end") == [["type": "end", "reason": "agent_ended"]])
        #expect(peer.closed == [.normal])
    }

    @Test func aPageThatGoesHangsUp() {
        harness.loop.perform { call.closed(nil, reason: "") }
        harness.advance(by: .seconds(1))
        #expect(harness.events.report?.reason.name == "hung_up")
        #expect(peer.texts("end").isEmpty)
    }

    /// No audio, no keys, no acknowledgement of what was played: the session's own clock ends the call.
    @Test func aPageThatIsSilentIsClosed() {
        harness.advance(by: .seconds(300))
        #expect(harness.events.report?.reason.name == "idle")
        #expect(peer.texts("end") == [["type": "end", "reason": "idle"]])
        #expect(peer.closed == [.normal])
    }

    @Test func aPageThatNeverStartsIsClosed() {
        let silent = BrowserCall(NoHost(), on: eventLoop, title: "Test")
        let peer = RecordingPeer()
        silent.open(peer)
        eventLoop.advanceTime(by: SocketSession.startDeadline)
        #expect(peer.texts("error").first?["code"] == "out_of_order")
        #expect(peer.closed == [.policyViolation])
    }
}

/// Takes no call.
private struct NoHost: CallHost {
    struct Refusal: Error {}

    func accept(_ call: Call) async throws -> Session { throw Refusal() }
}
