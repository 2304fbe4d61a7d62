// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import NIOCore
import NIOEmbedded
import PipelineKit
import PipelineTesting
import Processors
import Synchronization
import Testing
import WebSockets

@testable import Runner
@testable import Transports

/// One conversation over every line: whatever carries it, the same is said and heard.
@Suite struct SameConversationTests {
    private static let words = ["where are you", "that is all"]
    private static let conversation = [
        "agent: Hello.", "caller: where are you", "agent: At the old bridge.", "caller: that is all", "agent: Goodbye.",
    ]

    private static let rules = """
        greeting: { say: Hello. }
        intents:
          address: { phrases: [where are you], reply: At the old bridge. }
          goodbye: { phrases: [that is all], reply: Goodbye., end_call: true }
        """

    private static let pipeline = """
        pipeline: desk
        transports: [{file: {}}]
        processors:
          - caller:
          - energy_vad: { hangover: 200ms }
          - turn:
          - scripted_stt: { says: [where are you, that is all] }
          - user_context:
          - rules_llm: { rules: desk.rules.yaml }
          - sentences:
          - flite_tts: { voice: kal16 }
          - speaker:
          - assistant_context:
        """

    /// Takes down who said what.
    private final class Minutes: SessionObserver {
        private let taken = Mutex<[String]>([])

        var lines: [String] { taken.withLock { $0 } }

        func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
            switch event {
            case .heardCaller(_, let text, isFinal: true): taken.withLock { $0.append("caller: \(text)") }
            case .spoke(_, let heard, _, _) where !heard.isEmpty: taken.withLock { $0.append("agent: \(heard)") }
            default: break
            }
        }
    }

    private func load(
        _ directory: TemporaryDirectory, _ change: (inout PipelineDocument) -> Void = { _ in }
    ) throws -> Pipeline {
        try directory.write(Self.rules, to: "desk.rules.yaml")
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addBuiltinTransports()
        registry.add(ScriptedSTT.self)
        let context = RunnerContext(registry: registry, output: CapturedOutput().output, environment: [:])
        return try context.load(try directory.write(Self.pipeline, to: "desk.yaml"), change: change)
    }

    // MARK: By telephone

    /// Calls by telephone; returns what the session and the carrier saw.
    private func call(_ dialect: TelephoneDialect) async throws -> (lines: [String], report: CallReport) {
        let loops = LoopGroup(count: 1)
        let carrier = try await Carrier.start(on: loops.eventLoopGroup)
        let directory = try TemporaryDirectory()
        let pipeline = try load(directory) {
            $0.answerTelephone(dialect, apiURL: carrier.origin + "/2010-04-01")
        }
        let minutes = Minutes()
        let agent = try await LoopbackAgent.start(pipeline, on: loops, observer: minutes)
        let script = CallerScript(Self.words.map { CallerStep(say: $0) })
        let sound =
            dialect.carriesSound ? try await SpokenScript(script, engine: TelephoneVoice.engine) : SpokenScript()
        let report = await carrier.call(agent.url + "/voice", CallParty(script, sound: sound))
        await agent.stop()
        try await carrier.shutDown()
        try await loops.shutDown()
        withExtendedLifetime(directory) {}
        return (minutes.lines, try #require(report))
    }

    @Test(arguments: TelephoneDialect.allCases)
    func isTheSameByTelephone(_ dialect: TelephoneDialect) async throws {
        let (lines, report) = try await call(dialect)
        #expect(lines == Self.conversation)
        #expect(report.status == .completed)
        #expect(report.warnings == [])
        // Where Twilio speaks, the carrier knows both sides; where the agent does, only what the caller said.
        let said = report.transcript.filter { $0.isCaller || !dialect.carriesSound }
            .map { ($0.isCaller ? "caller: " : "agent: ") + $0.text }
        #expect(said == Self.conversation.filter { !dialect.carriesSound || $0.hasPrefix("caller") })
    }

    // MARK: In virtual time

    /// What the caller says, with time for the agent's answers, at 16 kHz.
    private static func callerSamples() async throws -> [Int16] {
        let pause = [Int16](repeating: 0, count: 4 * 16_000)
        var samples = pause
        for words in words {
            let resampler = try StreamingResampler(from: 8000, to: 16_000)
            samples += resampler.process(try await TelephoneVoice.engine(words)) + resampler.flush() + pause
        }
        return samples
    }

    @Test func isTheSameFromAFile() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            Audio(format: .wideband, samples: try await Self.callerSamples()), to: "caller.wav")
        let pipeline = try load(directory)
        let minutes = Minutes()
        let loop = SessionLoop.virtual()
        let host = SessionHost(pipeline, observer: minutes) { loop }
        let transport = FileTransport(.template).playing(FileReference(path), output: nil)
        try loop.runToCompletion { try await transport.run(host) }
        withExtendedLifetime(directory) {}
        #expect(minutes.lines == Self.conversation)
    }

    /// A far end that speaks over a WebSocket: sends the microphone, 20 ms at a time, and takes what comes.
    private func talk(
        _ call: Call, _ session: SocketSession, send: (ByteBuffer) -> Void
    ) async throws -> [String] {
        let directory = try TemporaryDirectory()
        let plan = try load(directory).plan(for: CallFormats(input: call.inputFormat, output: call.outputFormat))
        let minutes = Minutes()
        let harness = try PipelineHarness(plan, call: call, observer: minutes)
        harness.loop.perform { session.adopt(harness.session) }
        let samples = try await Self.callerSamples()
        for start in stride(from: 0, to: samples.count, by: 320) where harness.events.report == nil {
            var message = ByteBuffer()
            for sample in samples[start..<min(start + 320, samples.count)] {
                message.writeInteger(sample, endianness: .little)
            }
            harness.advance(by: .milliseconds(20))
            harness.loop.perform { send(message) }
        }
        harness.advance(by: .seconds(5))
        #expect(harness.events.report?.reason.name == "agent_ended")
        withExtendedLifetime(directory) {}
        return minutes.lines
    }

    @Test func isTheSameInABrowser() async throws {
        let page = Page()
        let call = BrowserCall(NoHost(), on: EmbeddedEventLoop(), title: "Desk")
        call.open(page)
        let start = #"{"type":"start","version":1,"input":{"rate":16000},"output":{"rate":16000}}"#
        guard case .start(let wishes) = try BrowserRequest(start.utf8) else { throw NoHost.Refusal() }
        let lines = try await talk(call.call(wishes), call.session) { call.receive(audio: $0) }
        #expect(lines == Self.conversation)
        let told = page.texts.compactMap { message -> String? in
            guard message["type"] == "transcript", message["final"] == true else { return nil }
            return "\(message["role"] == "user" ? "caller" : "agent"): \(message["text"]?.string ?? "")"
        }
        #expect(told == Self.conversation)
        #expect(page.texts.last == ["type": "end", "reason": "agent_ended"])
    }

    @Test func isTheSameForAnRTVIClient() async throws {
        let client = Page()
        let call = RTVICall(NoHost(), on: EmbeddedEventLoop())
        call.open(client)
        let lines = try await talk(call.call(), call.session) { samples in
            call.receive(binary: RTVIFrame.audio(.init(samples: samples, rateHz: 16_000, channels: 1)).bytes)
        }
        #expect(lines == Self.conversation)
        #expect(client.isClosed)
    }
}

/// The far end's socket: keeps what it is sent.
private final class Page: MessagePeer {
    private(set) var texts: [JSONValue] = []
    private(set) var isClosed = false
    let bufferedBytes = 0

    func send(text: String) { texts.append((try? JSONValue(parsing: text.utf8)) ?? .null) }
    func send(binary: ByteBuffer) {}
    func close(_ code: WebSocketCloseCode, reason: String) { isClosed = true }
}

/// Takes no call.
private struct NoHost: CallHost {
    struct Refusal: Error {}

    func accept(_ call: Call) async throws -> Session { throw Refusal() }
}
