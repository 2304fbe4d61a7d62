// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

@Suite struct BrowserRequestTests {
    private static let start = #"""
        {"type":"start","version":1,"input":{"encoding":"pcm_s16le","rate":48000,"channels":1},
        "output":{"encoding":"pcm_s16le","rate":24000,"channels":1},"metadata":{"from":"Ada"}}
        """#

    private func read(_ text: String) throws -> BrowserRequest { try BrowserRequest(text.utf8) }

    @Test func readsEveryMessage() throws {
        guard case .start(let wishes) = try read(Self.start) else {
            Issue.record("not a start")
            return
        }
        #expect(wishes.input == AudioFormat(rateHz: 48000))
        #expect(wishes.output == AudioFormat(rateHz: 24000))
        #expect(wishes.attributes == ["from": "Ada"])
        #expect(try read(#"{"type":"text","text":"hello"}"#) == .text("hello"))
        #expect(
            try read(#"{"type":"played","position":48000,"generation":3}"#) == .played(generation: 3, position: 48000))
        #expect(try read(#"{"type":"interrupt"}"#) == .interrupt)
        #expect(try read(#"{"type":"stop","more":[1]}"#) == .stop)
        let key = try #require(DTMF("#"))
        #expect(try read(##"{"type":"dtmf","digit":"#"}"##) == .key(key))
    }

    @Test func hasDefaultsForWhatIsLeftOut() throws {
        guard case .start(let wishes) = try read(#"{"type":"start","version":1}"#) else {
            Issue.record("not a start")
            return
        }
        #expect(wishes.input == .wideband)
        #expect(wishes.output == AudioFormat(rateHz: 24000))
    }

    @Test(arguments: [
        ("", BrowserError.Code.badMessage), ("[]", .badMessage), ("{}", .badMessage), (#"{"type":1}"#, .badMessage),
        (#"{"type":"dance"}"#, .unknownMessage), (#"{"type":"start"}"#, .badVersion),
        (#"{"type":"start","version":2}"#, .badVersion),
        (#"{"type":"start","version":1,"input":{"rate":4000}}"#, .badFormat),
        (#"{"type":"start","version":1,"input":{"rate":192000}}"#, .badFormat),
        (#"{"type":"start","version":1,"input":{"rate":16000,"channels":2}}"#, .badFormat),
        (#"{"type":"start","version":1,"output":{"rate":16000,"encoding":"opus"}}"#, .badFormat),
        (#"{"type":"start","version":1,"output":7}"#, .badFormat),
        (#"{"type":"start","version":1,"metadata":[]}"#, .badMessage),
        (#"{"type":"start","version":1,"metadata":{"a":1}}"#, .badMessage),
        (#"{"type":"text"}"#, .badMessage), (#"{"type":"text","text":""}"#, .badMessage),
        (#"{"type":"played","position":-1,"generation":1}"#, .badMessage),
        (#"{"type":"played","position":1.5,"generation":1}"#, .badMessage),
        (#"{"type":"dtmf","digit":"x"}"#, .badMessage), (#"{"type":"dtmf","digit":"12"}"#, .badMessage),
    ])
    func refusesWithAReason(text: String, code: BrowserError.Code) {
        let error = #expect(throws: BrowserError.self) { try read(text) }
        #expect(error?.code == code)
        #expect(error?.message.isEmpty == false)
    }

    @Test func boundsWhatItTakes() {
        let long = String(repeating: "a", count: 4001)
        #expect(throws: BrowserError.self) { try read(#"{"type":"text","text":"\#(long)"}"#) }
        #expect(throws: BrowserError.self) { try read(#"{"type":"start","version":1,"metadata":{"a":"\#(long)"}}"#) }
        let many = (0..<33).map { #""\#($0)":"""# }.joined(separator: ",")
        #expect(throws: BrowserError.self) { try read(#"{"type":"start","version":1,"metadata":{\#(many)}}"#) }
    }

    @Test(arguments: 1...8) func neverTrapsOnDamagedMessages(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let messages = [
            Self.start, #"{"type":"text","text":"hé 😀"}"#, #"{"type":"played","position":48000,"generation":3}"#,
            ##"{"type":"dtmf","digit":"#"}"##,
        ]
        for _ in 0..<500 {
            var bytes = Array((messages.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes.insert(.random(in: 0...255, using: &random), at: place)
                case 2: bytes.insert(UInt8(ascii: "9"), at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            _ = try? BrowserRequest(bytes)
        }
    }
}
