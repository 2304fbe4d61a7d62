// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

private func converter(
    _ rateHz: Int, channels: Int = 1, _ encoding: AudioFormat.Encoding = .linear16
) throws -> AudioConverter {
    AudioConverter(AudioConverter.Parameters(AudioFormat(rateHz: rateHz, channels: channels, encoding: encoding)))
}

@Suite struct AudioConverterTests {
    @Test func passesAudioThatHasTheFormat() throws {
        let harness = try ProcessorHarness(try converter(16_000))
        let audio = Audio.tone(.milliseconds(20))
        harness.send(Frame(audio: audio, at: MediaTime(nanoseconds: 7)))
        let output = harness.takeOutput()
        #expect(output.audio == [audio])
        #expect(output.map(\.mediaTime) == [MediaTime(nanoseconds: 7)])
        #expect(try harness.finish().isEmpty)
    }

    @Test func givesEverySampleAndNoDrift() throws {
        let harness = try ProcessorHarness(try converter(16_000))
        harness.send(.tone(.milliseconds(30), format: .telephone).encoded(.ulaw))
        for _ in 0..<10 { harness.send(.tone(.milliseconds(20), format: .telephone).encoded(.ulaw)) }
        let output = try harness.finish()
        #expect(output.samples.count == 16 * 230)
        #expect(output.first?.mediaTime == .zero)
        for (frame, next) in zip(output, output.dropFirst()) {
            #expect(abs((next.mediaTime - frame.endTime).nanoseconds) <= 1)
        }
    }

    @Test func keepsTheSoundOfATone() throws {
        let harness = try ProcessorHarness(try converter(16_000))
        let tone = Tone(frequency: 1000, amplitude: 0.5)
        harness.send(Audio(format: AudioFormat(rateHz: 24_000), samples: tone.samples(12_000, rate: 24_000)))
        let samples = try harness.finish().samples
        #expect(tone.signalToNoise(in: samples, rate: 16_000) > 60)
    }

    @Test func mixesTwoChannelsToTheirMean() throws {
        let harness = try ProcessorHarness(try converter(8000))
        harness.send(
            Frame(
                audio: Audio(format: AudioFormat(rateHz: 8000, channels: 2), samples: [10, 20, -6, -8, 32_767, 32_767]))
        )
        #expect(harness.takeSamples() == [15, -7, 32_767])
        #expect(try harness.finish().isEmpty)
    }

    @Test func doublesOneChannel() throws {
        let harness = try ProcessorHarness(try converter(8000, channels: 2))
        harness.send(Frame(audio: Audio(format: .telephone, samples: [1, -2])))
        #expect(harness.takeSamples() == [1, 1, -2, -2])
        #expect(try harness.finish().isEmpty)
    }

    @Test func encodesToALaw() throws {
        let harness = try ProcessorHarness(try converter(8000, .alaw))
        let audio = Audio.tone(.milliseconds(20), format: .telephone)
        harness.send(Frame(audio: audio))
        #expect(harness.takeOutput().audio == [audio.encoded(.alaw)])
        #expect(try harness.finish().isEmpty)
    }

    @Test func givesWhatIsHeldBeforeAnotherFormat() throws {
        let harness = try ProcessorHarness(try converter(16_000))
        harness.send(.tone(.milliseconds(20), format: .telephone))
        #expect(harness.takeSamples().count < 320)
        harness.send(.tone(.milliseconds(20), format: AudioFormat(rateHz: 48_000)))
        let output = harness.takeOutput()
        #expect(output.count == 2)
        #expect(output.first?.endTime == MediaTime(nanoseconds: 20_000_000))
        #expect(output.last?.mediaTime == MediaTime(nanoseconds: 20_000_000))
        _ = try harness.finish()
    }

    @Test func keepsAGapAsItIs() throws {
        let harness = try ProcessorHarness(try converter(16_000))
        harness.send(.tone(.milliseconds(20), format: .telephone))
        harness.advance(by: .milliseconds(500))
        harness.send(.tone(.milliseconds(20), format: .telephone))
        let output = try harness.finish()
        #expect(output.samples.count == 640)
        #expect(output.map(\.mediaTime.nanoseconds).contains(520_000_000))
        #expect(output.last?.endTime == MediaTime(nanoseconds: 540_000_000))
    }

    @Test func givesTheEndOfAReplyBeforeItsNextControlFrame() throws {
        let harness = try ReplyHarness(saying: .tone(.milliseconds(40), format: .telephone), try converter(16_000))
        harness.say()
        harness.pipeline.send(ResponseEnded(turn: TurnID(1)))
        let output = harness.takeOutput()
        #expect(output.samples.count == 640)
        #expect(output.last?[ResponseEnded.self] != nil)
        #expect(output.allSatisfy { $0.header.isReply })
        #expect(harness.finish().isEmpty)
    }

    @Test func forgetsWhatIsHeldOfAnInterruptedReply() throws {
        let harness = try ReplyHarness(saying: .tone(.milliseconds(40), format: .telephone), try converter(16_000))
        harness.say()
        #expect(harness.takeOutput().samples.count < 640)
        harness.interrupt()
        #expect(harness.finish().isEmpty)
    }

    @Test func keepsCallerAudioThroughAnInterruption() throws {
        let harness = try ProcessorHarness(try converter(16_000))
        harness.send(.tone(.milliseconds(20), format: .telephone))
        harness.interrupt()
        #expect(try harness.finish().samples.count == 320)
    }

    @Test func makesUpForLostOpusPackets() throws {
        let harness = try ProcessorHarness(try converter(16_000))
        for (index, packet) in try opusPackets(10).enumerated() where !(4...6).contains(index) {
            harness.send(Frame(audio: packet, at: .zero + .milliseconds(20 * index)))
        }
        let output = try harness.finish()
        #expect(output.samples.count == 3200)
        #expect(output.map(\.endTime).max() == MediaTime(nanoseconds: 200_000_000))
    }

    @Test func dropsBytesThatAreNoOpusPacket() throws {
        let harness = try ProcessorHarness(try converter(16_000))
        for (index, packet) in try opusPackets(5).enumerated() {
            let garbage = Audio(format: packet.format, sampleCount: 320, byteCount: 0) { _ in }
            harness.send(Frame(audio: index == 2 ? garbage : packet, at: .zero + .milliseconds(20 * index)))
        }
        let output = try harness.finish()
        #expect(output.samples.count == 1600)
        #expect(harness.drops("malformed") == 1)
    }

    @Test func takesFramesWhoseBytesDoNotFitTheirFormat() throws {
        let harness = try ProcessorHarness(try converter(16_000, channels: 2))
        harness.send(Frame(audio: Audio(format: .wideband, sampleCount: 10, byteCount: 3) { _ in }))
        harness.send(Frame(audio: Audio(format: .wideband, sampleCount: 0, byteCount: 0) { _ in }))
        #expect(harness.takeSamples() == [0, 0])
        #expect(try harness.finish().isEmpty)
    }

    @Test func reportsAFormatThatCannotBeConverted() throws {
        let harness = try ProcessorHarness(try converter(11_025, .opus))
        harness.send(.tone(.milliseconds(20)))
        #expect(throws: PipelineError.self) { try harness.finish() }
    }
}

/// A tone of 20 ms per packet at 16 kHz.
func opusPackets(_ count: Int) throws -> [Audio] {
    let harness = try ProcessorHarness(try converter(16_000, .opus))
    harness.send(.tone(.milliseconds(20 * count)))
    return try harness.finish().audio
}
