// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import Providers
import Testing

@Suite struct ModelDecoderTests {
    /// A decoder and what it is to make of a recording.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let answer: RecordedAnswer
        let decode: @Sendable ([ArraySlice<UInt8>]) -> Result<[ModelEvent], ProviderError>

        var testDescription: String { name }
        var bytes: [UInt8] { Array(answer.body.utf8) }

        init<Dialect: ModelDialect>(_ dialect: Dialect.Type, _ answer: RecordedAnswer) {
            name = Dialect.name
            self.answer = answer
            decode = { pieces in
                ProvidersTests.decode(Dialect.decoder(.template, callPrefix: "call_1_0"), pieces)
            }
        }
    }

    static let cases = [
        Case(OpenAIChat.self, .openAI), Case(AnthropicMessages.self, .anthropic), Case(OllamaChat.self, .ollama),
        Case(OpenAIResponses.self, .openAIResponses),
    ]

    private func expect(_ result: Result<[ModelEvent], ProviderError>, _ answer: RecordedAnswer) throws {
        let events = try result.get()
        #expect(events.text == answer.text)
        #expect(events.calls == answer.calls)
        #expect(events.usage == answer.usage)
    }

    @Test(arguments: cases) func readsARecording(_ subject: Case) throws {
        try expect(subject.decode([subject.bytes[...]]), subject.answer)
    }

    @Test(arguments: cases) func readsARecordingByteByByte(_ subject: Case) throws {
        try expect(subject.decode(subject.bytes.indices.map { subject.bytes[$0...$0] }), subject.answer)
    }

    @Test(arguments: cases) func readsARecordingHoweverItIsCut(_ subject: Case) throws {
        for seed in UInt64(0)..<50 {
            var random = SeededGenerator(seed: seed)
            try expect(subject.decode(subject.bytes.cut(using: &random)), subject.answer)
        }
    }

    /// A cut is an error, or it came after everything that counts.
    @Test(arguments: cases) func neverTakesACutForTheEnd(_ subject: Case) {
        var whole = 0
        for end in subject.bytes.indices {
            guard case .success(let events) = subject.decode([subject.bytes[..<end]]) else { continue }
            whole += 1
            #expect(events.text == subject.answer.text)
            #expect(events.calls == subject.answer.calls)
        }
        #expect(whole < 200)
    }

    @Test(arguments: cases) func neverTrapsOnDamage(_ subject: Case) {
        for seed in UInt64(0)..<200 {
            var random = SeededGenerator(seed: seed)
            var bytes = subject.bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if case .success(let events) = subject.decode([bytes[...]]) {
                #expect(events.text.utf8.count <= bytes.count)
            }
        }
    }
}
