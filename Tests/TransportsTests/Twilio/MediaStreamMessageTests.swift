// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

@Suite struct MediaStreamMessageTests {
    private static let golden: [(String, MediaStreamMessage)] = [
        (#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#, .connected),
        (
            #"""
            {"event":"start","sequenceNumber":"1",
             "start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1","tracks":["inbound"],
                      "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},
                      "customParameters":{"token":"one-time","na\u006de":"J\"o & \u00e9"}},
             "streamSid":"MZ1"}
            """#,
            .start(
                .init(
                    streamSID: "MZ1", callSID: "CA1", accountSID: "AC1", encoding: "audio/x-mulaw", rateHz: 8000,
                    channels: 1, parameters: ["token": "one-time", "name": "J\"o & é"]))
        ),
        (
            #"{"event":"media","sequenceNumber":"3","media":{"track":"inbound","chunk":"1","timestamp":"5","#
                + #""payload":"/wB/\/w=="},"streamSid":"MZ1"}"#,
            .media(.init(chunk: 1, timestamp: 5, audio: mulaw([0xFF, 0x00, 0x7F, 0xFF])))
        ),
        (
            #"{ "media" : { "payload":"gA==", "chunk":7, "timestamp":140, "x":[1,{"a":"}"}] } , "event" : "media" }"#,
            .media(.init(chunk: nil, timestamp: nil, audio: mulaw([0x80])))
        ),
        (
            ##"{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"#"}}"##,
            .dtmf("#")
        ),
        (#"{"event":"mark","sequenceNumber":"4","streamSid":"MZ1","mark":{"name":"utt-42"}}"#, .mark("utt-42")),
        (#"{"event":"stop","sequenceNumber":"105","stop":{"accountSid":"AC","callSid":"CA"},"streamSid":"MZ"}"#, .stop),
        (#"{"event":"media","media":{"track":"outbound","chunk":"1","payload":"gA=="}}"#, .other),
        (#"{"event":"something new","news":{"deep":[[[]]]}}"#, .other),
    ]

    private static func mulaw(_ bytes: [UInt8]) -> Audio {
        Audio(format: MediaStreamMessage.format, sampleCount: bytes.count, byteCount: bytes.count) {
            $0.copyBytes(from: bytes)
        }
    }

    @Test(arguments: 0..<golden.count)
    func readsWhatTheCarrierSends(index: Int) throws {
        let (text, message) = Self.golden[index]
        let read = try MediaStreamMessage(parsing: text.utf8)
        if case .media(var expected) = message, index == 3 {
            // Numbers are numbers here, where the carrier writes text.
            (expected.chunk, expected.timestamp) = (7, 140)
            #expect(read == .media(expected))
        } else {
            #expect(read == message)
        }
    }

    @Test(arguments: [
        "", "null", "[]", "{", "{}", #"{"event":1}"#, #"{"event":"media"}"#, #"{"event":"media","media":{}}"#,
        #"{"event":"media","media":{"payload":"*"}}"#, #"{"event":"media","media":{"payload":""}}"#,
        #"{"event":"media","media":"x"}"#, #"{"event":"start","start":{}}"#,
        #"{"event":"start","start":{"callSid":1}}"#,
        #"{"event":"dtmf","dtmf":{"digit":"12"}}"#, #"{"event":"dtmf","dtmf":{}}"#, #"{"event":"mark","mark":{}}"#,
        #"{"event":"mark","mark":{"name":"x"}} x"#, #"{"event":"#, #"{"event":"me"#, #"{"event":"a\"#, #"{"a":}"#,
    ])
    func refusesWhatIsNoMessage(text: String) {
        #expect(throws: JSONError.self) { try MediaStreamMessage(parsing: text.utf8) }
    }

    @Test func nonsenseInNumbersCostsOnlyTheNumber() throws {
        for number in [#""""#, #""x""#, #""99999999999999999999""#, "-", "1.5", "null", "{}", "[1]", "1e400"] {
            let text = #"{"event":"media","media":{"chunk":\#(number),"timestamp":"20","payload":"gA=="}}"#
            guard case .media(let media) = try MediaStreamMessage(parsing: text.utf8) else {
                Issue.record("\(text) is no media")
                return
            }
            #expect(media.chunk == nil && media.timestamp == 20)
        }
    }

    @Test func neverTrapsOnChangedMessages() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<6000 {
            var bytes = Array(Self.golden[Int.random(in: 0..<Self.golden.count, using: &random)].0.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert("\"\\{}[],:"[Int.random(in: 0..<8, using: &random)], at: index)
                default: bytes.removeSubrange(index...)
                }
            }
            _ = try? MediaStreamMessage(parsing: bytes)
        }
    }

    @Test func writesExactlyTheMembersThatTheCarrierAllows() {
        let writer = MediaStreamWriter(streamSID: "MZ\"1")
        #expect(
            String(buffer: writer.media(Self.mulaw([0xFF, 0x00, 0x7F, 0xFF])))
                == #"{"event":"media","streamSid":"MZ\"1","media":{"payload":"/wB//w=="}}"#)
        #expect(writer.mark("7") == #"{"event":"mark","streamSid":"MZ\"1","mark":{"name":"7"}}"#)
        #expect(writer.clear() == #"{"event":"clear","streamSid":"MZ\"1"}"#)
    }
}

extension String {
    fileprivate subscript(index: Int) -> UInt8 { Array(utf8)[index] }
}
