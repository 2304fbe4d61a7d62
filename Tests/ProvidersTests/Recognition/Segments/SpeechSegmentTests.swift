// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import Testing

@testable import Providers

struct SpeechSegmentTests {
    private func frame(_ value: Int16, at milliseconds: Int) -> Frame {
        Frame(
            audio: Audio(format: .telephone, samples: [Int16](repeating: value, count: 160)),
            at: .zero + .milliseconds(milliseconds))
    }

    @Test func becomesAWaveFileWithTheRightSizes() {
        var segment = SpeechSegment(at: .zero)
        segment.append(frame(1, at: 0))
        segment.append(frame(2, at: 21))
        // 40 ms are missing.
        segment.append(frame(3, at: 81))
        #expect(segment.duration == .milliseconds(100))
        var file = segment.wave()
        #expect(file.readableBytes == 44 + 1600)
        #expect(file.readString(length: 4) == "RIFF")
        #expect(file.readInteger(endianness: .little) == UInt32(36 + 1600))
        #expect(file.readString(length: 8) == "WAVEfmt ")
        #expect(file.readInteger(endianness: .little) == UInt32(16))
        #expect(file.readInteger(endianness: .little) == UInt16(1))
        #expect(file.readInteger(endianness: .little) == UInt16(1))
        #expect(file.readInteger(endianness: .little) == UInt32(8000))
        #expect(file.readInteger(endianness: .little) == UInt32(16000))
        #expect(file.readInteger(endianness: .little) == UInt16(2))
        #expect(file.readInteger(endianness: .little) == UInt16(16))
        #expect(file.readString(length: 4) == "data")
        #expect(file.readInteger(endianness: .little) == UInt32(1600))
        let samples = (0..<800).compactMap { _ in file.readInteger(endianness: .little, as: Int16.self) }
        #expect(samples == [1, 2, 0, 0, 3].flatMap { [Int16](repeating: $0, count: 160) })
    }

    @Test func anUploadOfTheLongestUtteranceStaysBelowTheLimitOfServices() {
        // The greatest value of longest_utterance.
        let audio = Audio.silence(.seconds(300), format: .wideband)
        var segment = SpeechSegment(at: .zero)
        segment.append(Frame(audio: audio, at: .zero))
        let body = OpenAITranscriber(OpenAISTT.Parameters()).request(segment, MultipartForm()).body
        #expect(body.readableBytes < 25_000_000)
    }

    @Test func aFormHoldsItsFieldsAndFiles() {
        var form = MultipartForm(boundary: "b")
        form.add("model", "m")
        form.add("prompt", nil)
        form.add("file", file: "a.wav", type: "audio/wav", ByteBuffer(string: "xyz"))
        #expect(form.contentType == "multipart/form-data; boundary=b")
        #expect(
            String(buffer: form.finished())
                == "--b\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nm\r\n"
                + "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
                + "content-type: audio/wav\r\n\r\nxyz\r\n--b--\r\n")
        #expect(MultipartForm().contentType != MultipartForm().contentType)
    }
}

struct StablePrefixTests {
    @Test func tellsWordsThatTwoGuessesAgreeUpon() {
        var prefix = StablePrefix()
        let told = ["go", "goes", "go for", "go forward", "go forward ten", "Go, forward ten."].map {
            prefix.update($0)
        }
        #expect(told == [nil, nil, nil, "go", "go forward", "go forward ten."])
    }

    @Test func takesNothingBack() {
        var prefix = StablePrefix()
        for guess in ["a b c", "a b c", "a x", "a x", "", "a b"] { _ = prefix.update(guess) }
        #expect(prefix.text == "a b c")
        #expect(prefix.update("a b c d") == nil)
        #expect(prefix.update("a b c d") == "a b c d")
    }

    @Test(arguments: 0..<100)
    func whatIsToldOnlyGrows(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var prefix = StablePrefix()
        var told: [String] = []
        for _ in 0..<50 {
            let count = Int.random(in: 0...5, using: &random)
            let guess = (0..<count).map { _ in ["a", "b", "A,"].randomElement(using: &random) ?? "" }
            _ = prefix.update(guess.joined(separator: " "))
            #expect(prefix.told.starts(with: told))
            told = prefix.told
        }
    }
}
