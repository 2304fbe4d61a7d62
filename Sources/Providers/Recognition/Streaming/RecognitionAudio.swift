// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension Audio {
    /// Silence in any encoding that has one byte or two a sample.
    static func quiet(_ duration: Duration, format: AudioFormat) -> Audio {
        let count = duration.sampleCount(rate: format.rateHz)
        // ITU-T G.711: the code of the value nearest to zero.
        let byte: UInt8 =
            switch format.encoding {
            case .mulaw: 0xFF
            case .alaw: 0xD5
            case .linear16, .opus: 0
            }
        return Audio(format: format, sampleCount: count, byteCount: count * format.bytesPerSample) { bytes in
            bytes.initializeMemory(as: UInt8.self, repeating: byte)
        }
    }
}

extension String {
    /// The words with one space between them and nothing around them.
    var tidied: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
