// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Testing

@testable import Providers

struct VoskDialectTests {
    private func take(_ text: String, _ dialect: inout VoskDialect) throws -> RecognitionResult {
        let events = try dialect.take(.text(ByteBuffer(string: text)))
        guard case .heard(let result)? = events.first, events.count == 1 else { throw Wrong() }
        return result
    }

    private let audio = Audio.silence(.milliseconds(100), format: .telephone)

    @Test func saysItsRateFirstAndWritesCommandsAsTheServerComparesThem() {
        var dialect = VoskDialect(rateHz: 8000)
        #expect(
            dialect.opening() == [.text(ByteBuffer(string: #"{"config":{"sample_rate":8000,"words":true}}"#))])
        #expect(dialect.finalize() == [.text(ByteBuffer(string: #"{"reset" : 1}"#))])
        #expect(dialect.closing() == [.text(ByteBuffer(string: #"{"eof" : 1}"#))])
        #expect(dialect.keepAlive().isEmpty)
    }

    @Test func countsTheAnswersToKnowHowFarTheAudioIsUnderstood() throws {
        var dialect = VoskDialect(rateHz: 8000)
        for _ in 0..<3 { _ = dialect.encode(audio) }
        _ = dialect.finalize()
        _ = dialect.encode(audio)
        #expect(try take("{\n  \"partial\" : \"turn\"\n}", &dialect).span == .zero..<(.milliseconds(100)))
        let middle = try take(
            #"{"result":[{"conf":0.98,"end":0.15,"start":0.05,"word":"turn"}],"text":"turn"}"#, &dialect)
        #expect(middle.isFinal && !middle.answersFinalize)
        #expect(middle.span == .zero..<(.milliseconds(200)))
        #expect(middle.words == [TimedWord("turn", start: .milliseconds(50), end: .milliseconds(150))])
        #expect(try take(#"{"partial":""}"#, &dialect).span == .milliseconds(200)..<(.milliseconds(300)))
        let last = try take(#"{"text":""}"#, &dialect)
        #expect(last.isFinal && last.answersFinalize)
        #expect(last.span == .milliseconds(200)..<(.milliseconds(300)))
        #expect(try take(#"{"partial":"on"}"#, &dialect).span == .milliseconds(300)..<(.milliseconds(400)))
    }

    @Test func readsTheBestOfSeveralAlternatives() throws {
        var dialect = VoskDialect(rateHz: 8000)
        _ = dialect.encode(audio)
        let result = try take(
            #"{"alternatives":[{"confidence":231.4,"result":[{"end":1.1,"start":0.8,"word":"on"}],"text":"turn on"}]}"#,
            &dialect)
        #expect(result.text == "turn on" && result.isFinal)
        #expect(result.words.map(\.text) == ["on"])
    }

    @Test func refusesWhatIsNeither() throws {
        for text in ["", "{}", "[]", #"{"text":5}"#, #"{"partial":"a""#] {
            var dialect = VoskDialect(rateHz: 8000)
            #expect { try dialect.take(.text(ByteBuffer(string: text))) } throws: {
                ($0 as? ProviderError)?.kind == .malformed
            }
        }
    }

    private struct Wrong: Error {}
}
