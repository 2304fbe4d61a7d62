// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import PipelineKit

/// A sound file that was received: audio of it.
enum ReceivedRecording {
    /// The longest recording that is understood.
    private static let longest = Duration.seconds(150)

    /// Reads a sound file of any form that libsndfile knows.
    ///
    /// Blocks on the disk: not for an event loop.
    ///
    /// - Throws: ``RecordingSource/Failure/unreadable``.
    static func audio(_ bytes: ByteBuffer) throws -> Audio {
        var template = Array("/tmp/recording-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw RecordingSource.Failure.unreadable }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        let isWritten = bytes.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
        close(descriptor)
        guard isWritten else { throw RecordingSource.Failure.unreadable }
        return try read(path)
    }

    private static func read(_ path: String) throws -> Audio {
        guard let reader = try? SoundFileReader(path),
            let audio = try? reader.read(
                min(max(reader.sampleCount, 1), longest.sampleCount(rate: reader.format.rateHz)))
        else { throw RecordingSource.Failure.unreadable }
        return audio
    }
}
