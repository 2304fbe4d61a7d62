// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import NIOCore
import PipelineKit

/// Samples of calls over sockets that were dropped, by reason.
enum AudioDrops {
    /// Too old when they came.
    static let late = counter("late")
    /// Came faster than they can have been captured.
    static let early = counter("early")
    /// Not sent, because the far end does not take them in time.
    static let unsent = counter("unsent")

    private static func counter(_ reason: String) -> Counter {
        Counter(label: "socket_audio_dropped_samples_total", dimensions: [("reason", reason)])
    }
}

extension Audio {
    /// Creates linear mono audio of bytes on a wire: two bytes a sample, least significant first.
    init(format: AudioFormat, samples bytes: ByteBuffer) {
        self.init(format: format, sampleCount: bytes.readableBytes / 2) { target in
            bytes.withUnsafeReadableBytes { source in
                for index in target.indices {
                    target[index] = Int16(littleEndian: source.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self))
                }
            }
        }
    }
}

extension ByteBuffer {
    /// Adds linear mono audio as bytes on a wire: two bytes a sample, least significant first.
    mutating func writeSamples(_ audio: Audio) {
        audio.withSamples { samples in
            for sample in samples { writeInteger(sample, endianness: .little) }
        }
    }
}
