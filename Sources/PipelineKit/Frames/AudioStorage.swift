// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The one object behind an ``Audio``: a description and, in the same allocation, the bytes.
final class AudioStorage: ManagedBuffer<AudioStorage.Header, UInt64> {
    struct Header {
        let format: AudioFormat
        let sampleCount: Int
        let byteCount: Int
    }

    /// Makes a storage of zeros.
    static func make(format: AudioFormat, sampleCount: Int, byteCount: Int) -> AudioStorage {
        precondition(sampleCount >= 0 && byteCount >= 0, "audio cannot have a negative length")
        let words = (byteCount + 7) / 8
        let buffer = create(minimumCapacity: words) { buffer in
            buffer.withUnsafeMutablePointerToElements { $0.initialize(repeating: 0, count: words) }
            return Header(format: format, sampleCount: sampleCount, byteCount: byteCount)
        }
        return unsafeDowncast(buffer, to: AudioStorage.self)
    }

    /// Calls `body` with the bytes; only the maker of a storage may write them.
    func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeMutablePointers { header, elements in
            try body(UnsafeMutableRawBufferPointer(start: elements, count: header.pointee.byteCount))
        }
    }
}

/// The decimal logarithm, without Foundation.
func logarithm10(_ value: Double) -> Double { log10(value) }
