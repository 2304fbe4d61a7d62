// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
public import Transports

/// What was on the line, sample by sample: the caller's words on the left, what the caller heard on the right.
public struct LineRecording: Sendable {
    /// An hour of a call; what comes later is not kept.
    private static let limit = 3600 * 8000

    /// µ-law samples of the caller, at 8 kHz from the answer on.
    public private(set) var said: [UInt8] = []
    /// µ-law samples that the caller heard.
    public private(set) var heard: [UInt8] = []

    /// Creates an empty recording.
    init() {}

    mutating func append(said: [UInt8], heard: ArraySlice<UInt8>) {
        guard self.said.count < Self.limit else { return }
        self.said += said
        self.heard += heard
    }

    /// What the caller said as linear samples.
    public var saidSamples: [Int16] { MuLaw.decode(said) }
    /// What the caller heard as linear samples.
    public var heardSamples: [Int16] { MuLaw.decode(heard) }

    /// Writes both sides to a stereo file of 8 kHz.
    ///
    /// Blocks on the disk.
    ///
    /// - Throws: ``SoundFileError``.
    public func write(to path: String) throws(SoundFileError) {
        let format = AudioFormat(rateHz: 8000, channels: 2)
        let writer = try SoundFileWriter(path, format: format)
        let left = MuLaw.decode(said)
        let right = MuLaw.decode(heard)
        let count = min(left.count, right.count)
        let audio = Audio(format: format, sampleCount: count) { target in
            for index in 0..<count {
                target[2 * index] = left[index]
                target[2 * index + 1] = right[index]
            }
        }
        try writer.write(audio)
        try writer.close()
    }
}
