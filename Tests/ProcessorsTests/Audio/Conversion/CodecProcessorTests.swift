// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct CodecProcessorTests {
    @Test func resamplesToTheRateAndLosesNothing() throws {
        let harness = try ProcessorHarness(Resampler(.template))
        harness.send(.tone(.milliseconds(50), format: AudioFormat(rateHz: 44_100)))
        let output = try harness.finish()
        #expect(output.samples.count == 800)
        #expect(output.audio.allSatisfy { $0.format == .wideband })
    }

    @Test(arguments: [G711Encoder.CompandingLaw.mulaw, .alaw])
    func encodesAndDecodesG711(_ law: G711Encoder.CompandingLaw) throws {
        let encoder = try ProcessorHarness(G711Encoder(.with { $0.law = law }))
        let audio = Audio.tone(.milliseconds(20), format: .telephone)
        encoder.send(audio)
        let codes = try #require(encoder.takeOutput().audio.first)
        #expect(codes == audio.encoded(law == .mulaw ? .ulaw : .alaw))
        let decoder = try ProcessorHarness(G711Decoder(NoParameters()))
        decoder.send(Frame(audio: codes))
        let engine: G711Law = law == .mulaw ? .ulaw : .alaw
        #expect(decoder.takeSamples() == engine.decode(engine.encode(audio.linear)))
        #expect(try encoder.finish().isEmpty)
        #expect(try decoder.finish().isEmpty)
    }

    @Test func fillsTheLastOpusPacketWithSilence() throws {
        let harness = try ProcessorHarness(OpusEncoder(.template))
        let format = AudioFormat(rateHz: 48_000)
        harness.send(.tone(.milliseconds(50), format: format))
        #expect(harness.takeOutput().count == 2)
        let rest = try harness.finish()
        #expect(rest.map(\.mediaTime) == [.zero + .milliseconds(40)])
        #expect(rest.audio.map(\.sampleCount) == [960])
    }

    @Test func leavesPacketsOfSilenceOutAndKeepsTheirPlace() throws {
        let parameters = OpusEncoder.Parameters.with {
            $0.isDiscontinuous = true
            $0.rateHz = 16_000
        }
        let harness = try ProcessorHarness(OpusEncoder(parameters))
        harness.send(.silence(.seconds(2)))
        harness.send(.tone(.milliseconds(200)))
        let output = try harness.finish()
        #expect(output.count < 80)
        #expect(output.last?.mediaTime == .zero + .milliseconds(2180))
    }

    @Test func forgetsTheOpusPacketOfAnInterruptedReply() throws {
        let harness = try ReplyHarness(
            saying: .tone(.milliseconds(30)), OpusEncoder(.with { $0.rateHz = 16_000 }))
        harness.say()
        #expect(harness.takeOutput().count == 1)
        harness.interrupt()
        #expect(harness.finish().isEmpty)
    }

    @Test func decodesOpusToTheRateThatIsAskedFor() throws {
        let harness = try ProcessorHarness(OpusDecoder(.with { $0.rateHz = 8000 }))
        for (index, packet) in try opusPackets(10).enumerated() where index != 3 {
            harness.send(Frame(audio: packet, at: .zero + .milliseconds(20 * index)))
        }
        let output = try harness.finish()
        #expect(output.samples.count == 1600)
        #expect(output.audio.allSatisfy { $0.format == .telephone })
        let lost = output.samples[480..<640].map { Double($0) * Double($0) }.reduce(0, +) / 160
        #expect(lost > 100 * 100)
    }

    @Test func leavesALongLossAsAGap() throws {
        let parameters = OpusDecoder.Parameters.with {
            $0.longestLoss = .milliseconds(40)
            $0.rateHz = 16_000
        }
        let harness = try ProcessorHarness(OpusDecoder(parameters))
        for (index, packet) in try opusPackets(10).enumerated() where !(3...5).contains(index) {
            harness.send(Frame(audio: packet, at: .zero + .milliseconds(20 * index)))
        }
        let output = try harness.finish()
        #expect(output.samples.count == 7 * 320)
        #expect(output.map(\.mediaTime).contains(.zero + .milliseconds(120)))
    }

    @Test func refusesSettingsThatOpusDoesNotHave() {
        var diagnostics = Diagnostics()
        let mark = SourceMark(file: "a.yaml")
        let node = YAMLReader().read("{rate_hz: 44100, packet: 30ms}", file: "a.yaml", into: &diagnostics)
        #expect(OpusEncoder.Parameters.decode(node, path: "opus_encoder", at: mark, into: &diagnostics) == nil)
        #expect(diagnostics.all.map(\.path) == ["opus_encoder.rate_hz", "opus_encoder.packet"])
    }
}
