// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import PipelineKit
import PipelineTesting
import Processors
import Synchronization
import Testing
import Transports

@testable import Runner

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

    private func load(_ directory: TemporaryDirectory, _ change: (inout PipelineDocument) -> Void) throws -> Pipeline {
        try directory.write(Self.rules, to: "desk.rules.yaml")
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addBuiltinTransports()
        registry.add(ScriptedSTT.self)
        let context = RunnerContext(registry: registry, output: CapturedOutput().output, environment: [:])
        return try context.load(try directory.write(Self.pipeline, to: "desk.yaml"), change: change)
    }

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
        let sound = try await SpokenScript(script, engine: TelephoneVoice.engine)
        let report = await carrier.call(agent.url + "/voice", CallParty(script, sound: sound))
        await agent.stop()
        try await carrier.shutDown()
        try await loops.shutDown()
        withExtendedLifetime(directory) {}
        return (minutes.lines, try #require(report))
    }

    @Test(arguments: [TelephoneDialect.mediaStreams])
    func isTheSameByTelephone(_ dialect: TelephoneDialect) async throws {
        let (lines, report) = try await call(dialect)
        #expect(lines == Self.conversation)
        #expect(report.status == .completed)
        #expect(report.warnings == [])
        guard let recording = report.streams.first?.recording else { return }
        try await isTheSameFromAFile(recording)
    }

    /// What the caller said on the line, played from a file.
    private func isTheSameFromAFile(_ recording: LineRecording) async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            Audio(format: .telephone, samples: recording.saidSamples), to: "caller.wav")
        let pipeline = try load(directory) { _ in }
        let minutes = Minutes()
        let loop = SessionLoop.virtual()
        let host = SessionHost(pipeline, observer: minutes) { loop }
        let transport = FileTransport(.template).playing(FileReference(path), output: nil)
        try loop.runToCompletion { try await transport.run(host) }
        withExtendedLifetime(directory) {}
        #expect(minutes.lines == Self.conversation)
    }
}
