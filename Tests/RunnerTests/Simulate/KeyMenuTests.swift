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

/// A menu of keys on every line that the telephone has.
@Suite struct KeyMenuTests {
    // What was heard is told by the line of text, and guessed where Twilio gathers: for a voice quicker than the emulated.
    private static let pipeline = """
        pipeline: menu
        transports:
          - twilio:
              lead: 100ms
              conversation_relay: { dtmf_detection: true, events: [speaker-events, tokens-played] }
              twiml: { key_count: 1 }
        processors:
          - caller:
          - keypad: { menu: { "1": where are you, "2": that is all } }
          - energy_vad:
          - turn:
          - scripted_stt: { says: [nothing of this] }
          - user_context:
          - rules_llm: { rules: menu.rules.yaml }
          - sentences:
          - flite_tts: { voice: kal16 }
          - speaker: { characters_per_second: 40 }
          - assistant_context:
        """

    private static let rules = """
        greeting: { say: "Press one or two." }
        intents:
          address: { phrases: [where are you], reply: At the old bridge. }
          goodbye: { phrases: [that is all], reply: Goodbye., end_call: true }
        """

    /// Takes down what the caller said, pressed or not, and the keys.
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

    @Test(arguments: TelephoneDialect.allCases)
    func keysAreWordsOnEveryLine(_ dialect: TelephoneDialect) async throws {
        let loops = LoopGroup(count: 1)
        let carrier = try await Carrier.start(on: loops.eventLoopGroup)
        let directory = try TemporaryDirectory()
        try directory.write(Self.rules, to: "menu.rules.yaml")
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addBuiltinTransports()
        registry.add(ScriptedSTT.self)
        let context = RunnerContext(registry: registry, output: CapturedOutput().output, environment: [:])
        let pipeline = try context.load(try directory.write(Self.pipeline, to: "menu.yaml")) {
            $0.answerTelephone(dialect, apiURL: carrier.origin + "/2010-04-01")
        }
        let minutes = Minutes()
        let agent = try await LoopbackAgent.start(pipeline, on: loops, observer: minutes)
        let script = CallerScript([CallerStep(press: "1"), CallerStep(press: "2")])
        let report = await carrier.call(agent.url + "/voice", CallParty(script))
        await agent.stop()
        try await carrier.shutDown()
        try await loops.shutDown()
        withExtendedLifetime(directory) {}
        #expect(
            minutes.lines == [
                "agent: Press one or two.", "caller: where are you", "agent: At the old bridge.",
                "caller: that is all", "agent: Goodbye.",
            ])
        #expect(report?.status == .completed)
        #expect(report?.warnings == [])
    }
}
