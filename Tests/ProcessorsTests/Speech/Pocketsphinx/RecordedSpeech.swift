// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Recorded human speech of the Debian package pocketsphinx-testdata, 16 kHz.
enum RecordedSpeech {
    static let directory = "/usr/share/pocketsphinx/test/data/"
    static let isInstalled = FileManager.default.fileExists(atPath: directory + "goforward.raw")
    static let reason = "the package pocketsphinx-testdata is not installed"

    /// The samples of a raw file, or of a WAV file with the usual header of 44 bytes.
    static func samples(_ name: String) throws -> [Int16] {
        let data = try Data(contentsOf: URL(filePath: directory + name))
        let bytes = name.hasSuffix(".wav") ? data.dropFirst(44) : data[...]
        return Array(bytes).samples
    }
}

extension [UInt8] {
    /// Little-endian 16-bit samples.
    var samples: [Int16] {
        stride(from: 0, to: count - 1, by: 2).map { Int16(bitPattern: UInt16(self[$0]) | UInt16(self[$0 + 1]) << 8) }
    }
}
