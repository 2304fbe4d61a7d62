// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

@Suite struct RTVIRequestTests {
    private func read(_ type: String, _ data: String = "{}") throws -> RTVIRequest {
        try RTVIRequest(#"{"label":"rtvi-ai","type":"\#(type)","id":"7","data":\#(data)}"#.utf8)
    }

    private func kind(_ type: String, _ data: String = "{}") throws -> RTVIRequest.Kind { try read(type, data).kind }

    @Test func readsEveryMessage() throws {
        #expect(try read("client-ready", #"{"version":"2.1.0","about":{}}"#).id == "7")
        #expect(try kind("client-ready", #"{"version":"2.1.0","about":{}}"#) == .ready(version: "2.1.0"))
        #expect(try kind("client-ready") == .ready(version: nil))
        #expect(try kind("disconnect-bot", "null") == .disconnect)
        #expect(try kind("client-message", #"{"t":"get","d":{"a":1}}"#) == .message(name: "get"))
        #expect(try kind("send-text", #"{"content":"hi","options":{"run_immediately":true}}"#) == .text("hi"))
        #expect(try kind("append-to-context", #"{"role":"user","content":"hi","run_immediately":true}"#) == .text("hi"))
        let audio = RTVIFrame.Audio(samples: ByteBuffer(bytes: [1, 0, 2, 0]), rateHz: 16000, channels: 1)
        #expect(
            try kind("raw-audio", #"{"base64Audio":"AQACAA==","sampleRate":16000,"numChannels":1}"#) == .audio(audio))
        #expect(
            try kind("raw-audio-batch", #"{"base64AudioBatch":["AQA=","AgA="],"sampleRate":16000,"numChannels":1}"#)
                == .audio(audio))
        let keys = try ["1", "#"].map { try #require(DTMF($0)) }
        #expect(try kind("dtmf", ##"{"buttons":["1","#"]}"##) == .keys(keys))
        #expect(try kind("dtmf", #"{"button":"1"}"#) == .keys([keys[0]]))
        #expect(try kind("llm-function-call-result", #"{"tool_call_id":"x"}"#) == .functionResult(callID: "x"))
    }

    @Test func ignoresWhatItDoesNotKnow() throws {
        #expect(try kind("ui-snapshot", "[1]") == .ignored)
        #expect(try RTVIRequest(#"{"label":"other","type":"send-text"}"#.utf8).kind == .ignored)
        #expect(try RTVIRequest("[]".utf8).kind == .ignored)
    }

    @Test(arguments: [
        ("send-text", "{}"), ("send-text", #"{"content":""}"#), ("send-text", #"{"content":7}"#),
        ("send-text", #"{"content":"a","options":{"run_immediately":false}}"#), ("dtmf", #"{"buttons":[]}"#),
        ("dtmf", #"{"buttons":["12"]}"#), ("dtmf", #"{"buttons":"1"}"#), ("raw-audio", "{}"),
        ("raw-audio", #"{"base64Audio":"!!!!"}"#), ("raw-audio-batch", #"{"base64AudioBatch":[1]}"#),
        ("client-message", "{}"), ("append-to-context", #"{"role":"assistant","content":"x"}"#), ("send-file", "{}"),
        ("llm-function-call-result", "{}"),
    ])
    func refusesWithTheRequestsID(type: String, data: String) {
        let error = #expect(throws: RTVIError.self) { try read(type, data) }
        #expect(error?.id == "7")
        #expect(error?.message.isEmpty == false)
    }

    @Test(arguments: 1...8) func neverTrapsOnDamagedMessages(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let texts = [
            #"{"label":"rtvi-ai","type":"raw-audio","id":"7","data":{"base64Audio":"AQACAA==","sampleRate":16000}}"#,
            ##"{"label":"rtvi-ai","type":"dtmf","id":"7","data":{"buttons":["1","#"]}}"##,
            #"{"label":"rtvi-ai","type":"client-ready","id":"7","data":{"version":"2.1.0"}}"#,
        ]
        for _ in 0..<500 {
            var bytes = Array((texts.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) { bytes.remove(at: place) } else { bytes.insert(0x39, at: place) }
            }
            _ = try? RTVIRequest(bytes)
        }
    }
}
