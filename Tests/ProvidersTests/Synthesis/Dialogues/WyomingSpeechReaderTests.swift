// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import Testing

@testable import Providers

@Suite struct WyomingSpeechReaderTests {
    private let voice: JSONValue = ["rate": 22_050, "width": 2, "channels": 1]

    private func chunk(_ bytes: [UInt8], _ data: JSONValue) -> WyomingEvent {
        WyomingEvent("audio-chunk", data, payload: ByteBuffer(bytes: bytes))
    }

    private func read(_ events: [WyomingEvent]) throws -> SpeechReply {
        var reader = WyomingSpeechReader()
        return try reader.take(ByteBuffer(bytes: events.flatMap { Array($0.bytes.readableBytesView) }))
    }

    @Test func audioIsAnnouncedByItsFormatOnce() throws {
        let reply = try read([
            WyomingEvent("audio-start", voice), chunk([1, 2], voice), chunk([3, 4], voice), WyomingEvent("audio-stop"),
        ])
        #expect(
            reply.parts == [
                .format(AudioFormat(rateHz: 22_050)), .audio(ByteBuffer(bytes: [1, 2])),
                .audio(ByteBuffer(bytes: [3, 4])),
            ])
        #expect(reply.isLast)
    }

    @Test func whatFollowsTheEndIsNotOfTheSentence() throws {
        let reply = try read([WyomingEvent("audio-stop"), chunk([1, 2], voice), WyomingEvent("error", ["text": "x"])])
        #expect(reply == SpeechReply(isLast: true))
    }

    @Test func eventsThatNobodyKnowsAreIgnored() throws {
        #expect(try read([WyomingEvent("pong"), WyomingEvent("info", ["tts": []])]) == .nothing)
    }

    @Test func anErrorOfTheServerIsReported() throws {
        let error = #expect(throws: ProviderError.self) {
            try read([WyomingEvent("error", ["text": "no such voice", "code": "VoiceNotFoundError"])])
        }
        #expect(error?.message == "reports: no such voice")
    }

    @Test(
        arguments: [
            ["rate": 16_000, "width": 4, "channels": 1], ["rate": 0, "width": 2, "channels": 1],
            ["rate": 16_000, "channels": 9], ["width": 2],
        ] as [JSONValue])
    func audioThatCannotBePlayedIsRefused(_ data: JSONValue) {
        #expect(throws: ProviderError.self) { try read([chunk([1, 2], data)]) }
    }

    @Test func damagedEventsNeverTrap() {
        let bytes = Array(WyomingEvent("audio-start", voice).bytes.readableBytesView)
        var random = SeededGenerator(seed: 4)
        for _ in 0..<2000 {
            var damaged = bytes
            damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            var reader = WyomingSpeechReader()
            _ = try? reader.take(ByteBuffer(bytes: damaged))
        }
    }
}
