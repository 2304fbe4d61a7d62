// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

@Suite struct SoundFileTests {
    @Test(arguments: ["wav", "flac"]) func readsBackWhatItWrote(ending: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("tone.\(ending)")
        let tone = Audio.tone(dbfs: -9, .milliseconds(1234), format: AudioFormat(rateHz: 22050, channels: 2))
        let writer = try SoundFileWriter(path, format: tone.format)
        try writer.write(tone.slice(0..<1000))
        try writer.write(tone.slice(1000..<tone.sampleCount))
        try writer.close()
        let reader = try SoundFileReader(path, channels: .asStored)
        #expect(reader.format == tone.format)
        #expect(reader.sampleCount == tone.sampleCount)
        #expect(try reader.read(100_000) == tone)
        #expect(try reader.read(1) == nil)
    }

    @Test func mixesChannelsToTheirMean() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("stereo.wav")
        let format = AudioFormat(rateHz: 8000, channels: 2)
        let writer = try SoundFileWriter(path, format: format)
        try writer.write(Audio(format: format, samples: [1000, 3000, -32768, -32768, 32767, 32767, 100, -100]))
        try writer.close()
        let mixed = try #require(try SoundFileReader(path).read(10))
        #expect(mixed == Audio(format: .telephone, samples: [2000, -32768, 32767, 0]))
    }

    @Test func namesTheCauseOfWhatItCannotRead() throws {
        let directory = try TemporaryDirectory()
        try directory.write("this is not a sound file, whatever it says", to: "text.wav")
        try directory.write("", to: "empty.wav")
        #expect(readCode(directory.path("none.wav")) == .missing)
        #expect(readCode(directory.path("text.wav")) == .notAudio)
        #expect(readCode(directory.path("empty.wav")) == .notAudio)
        #expect(readCode(directory.path("")) == .notAFile)
        #expect(readCode("/dev/zero") == .notAFile)
    }

    @Test func readsWhatIsThereOfATruncatedFile() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("cut.wav")
        let writer = try SoundFileWriter(path, format: .wideband)
        try writer.write(.tone(.seconds(1)))
        try writer.close()
        #expect(truncate(path, 44 + 2 * 1000) == 0)
        let reader = try SoundFileReader(path)
        #expect(try reader.read(100_000)?.sampleCount == 1000)
    }

    @Test func namesTheCauseOfWhatItCannotWrite() throws {
        let directory = try TemporaryDirectory()
        #expect(writeCode(directory.path("reply.mp3")) == .unsupported)
        #expect(writeCode(directory.path("no/such/directory.wav")) == .unwritable)
    }

    private func readCode(_ path: String) -> SoundFileError.Code? {
        do { _ = try SoundFileReader(path) } catch { return error.code }
        return nil
    }

    private func writeCode(_ path: String) -> SoundFileError.Code? {
        do { _ = try SoundFileWriter(path, format: .wideband) } catch { return error.code }
        return nil
    }
}
