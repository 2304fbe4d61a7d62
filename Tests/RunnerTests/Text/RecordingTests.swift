// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import PipelineKit
import Processors
import Testing

@testable import Transports

/// What Twilio has recorded, understood by the recogniser of the pipeline that the repository ships.
@Suite struct RecordingTests {
    private static let root = String(#filePath.split(separator: "/Tests/")[0])
    private static let hasModel = access("/usr/share/pocketsphinx/model/en-us/en-us", F_OK) == 0

    private func bytes(_ path: String) throws -> ByteBuffer {
        struct Missing: Error {}
        guard let file = fopen(path, "r") else { throw Missing() }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_000_000)
        let count = fread(&bytes, 1, bytes.count, file)
        return ByteBuffer(bytes: bytes.prefix(count))
    }

    @Test(.enabled(if: hasModel, "the model of pocketsphinx is not installed"))
    func aRecordingIsUnderstood() throws {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addBuiltinTransports()
        var diagnostics = Diagnostics()
        let loaded = Pipeline.load(
            path: Self.root + "/pipelines/front_desk.yaml", registry: registry, into: &diagnostics)
        let pipeline = try #require(loaded)
        let whole = try ReceivedRecording.audio(bytes(Self.root + "/pipelines/fixtures/front_desk_caller.wav"))
        // Of the list beside the recording: where are you.
        #expect(try pipeline.words(in: whole.slice(4500 * 16..<6200 * 16)) == "where are you")
        #expect(try pipeline.words(in: whole.slice(0..<1000 * 16)) == "")
    }

    @Test func whatIsNoSoundIsRefused() {
        #expect(throws: RecordingSource.Failure.unreadable) {
            try ReceivedRecording.audio(ByteBuffer(string: "<html>not found</html>"))
        }
        #expect(throws: RecordingSource.Failure.unreadable) { try ReceivedRecording.audio(ByteBuffer()) }
    }

    @Test func foreignAddressesAreNotFetched() async {
        let source = RecordingSource(hosts: ["api.twilio.com"], maxBytes: 1000, authorization: nil)
        await #expect(throws: RecordingSource.Failure.foreignAddress) {
            _ = try await source.fetch("http://169.254.169.254/latest")
        }
    }
}
