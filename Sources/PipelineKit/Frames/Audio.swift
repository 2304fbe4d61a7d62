// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A stretch of audio: one reference-counted buffer of samples, immutable once made, copied by nobody on its way.
///
/// One allocation holds the samples and their description. `linear16` audio is read with ``withSamples(_:)``,
/// interleaved by channel; every encoding is read with ``withBytes(_:)``.
///
/// `@unchecked`: the bytes are written only inside `init`, before anybody else can hold the value.
public struct Audio: @unchecked Sendable {
    let storage: AudioStorage

    init(storage: AudioStorage) { self.storage = storage }

    /// Creates linear audio whose samples `fill` writes.
    ///
    /// - Parameters:
    ///   - format: A `linear16` format.
    ///   - sampleCount: Samples per channel.
    ///   - fill: Receives `sampleCount * format.channels` interleaved samples, all zero.
    public init(
        format: AudioFormat, sampleCount: Int, fill: (UnsafeMutableBufferPointer<Int16>) throws -> Void
    ) rethrows {
        precondition(format.encoding == .linear16, "samples can be written only to linear16 audio")
        storage = AudioStorage.make(
            format: format, sampleCount: sampleCount, byteCount: sampleCount * 2 * format.channels)
        try storage.withBytes { try fill($0.bindMemory(to: Int16.self)) }
    }

    /// Creates linear audio from interleaved samples.
    public init(format: AudioFormat, samples: some Collection<Int16>) {
        self.init(format: format, sampleCount: samples.count / format.channels) { target in
            _ = target.update(fromContentsOf: samples.prefix(target.count))
        }
    }

    /// Creates encoded audio whose bytes `fill` writes.
    ///
    /// - Parameters:
    ///   - sampleCount: Samples per channel that the bytes decode to.
    ///   - byteCount: Bytes that `fill` receives, all zero.
    public init(
        format: AudioFormat, sampleCount: Int, byteCount: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        storage = AudioStorage.make(format: format, sampleCount: sampleCount, byteCount: byteCount)
        try storage.withBytes(fill)
    }

    /// Creates linear silence.
    public static func silence(_ duration: Duration, format: AudioFormat) -> Audio {
        Audio(format: format, sampleCount: duration.sampleCount(rate: format.rateHz)) { _ in }
    }

    /// Rate, channels and encoding.
    public var format: AudioFormat { storage.header.format }
    /// Samples per channel.
    public var sampleCount: Int { storage.header.sampleCount }
    /// Bytes in memory.
    public var byteCount: Int { storage.header.byteCount }
    /// How long the audio lasts.
    public var duration: Duration { .samples(sampleCount, rate: format.rateHz) }

    /// Calls `body` with the interleaved samples of `linear16` audio.
    public func withSamples<Result>(_ body: (UnsafeBufferPointer<Int16>) throws -> Result) rethrows -> Result {
        precondition(format.encoding == .linear16, "\(format) has no linear samples; decode it first")
        return try storage.withBytes { try body(UnsafeBufferPointer($0.bindMemory(to: Int16.self))) }
    }

    /// Calls `body` with the bytes as they are in memory.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withBytes { try body(UnsafeRawBufferPointer($0)) }
    }

    /// A copy of the samples in `range`, which counts samples per channel and is clamped to what there is.
    public func slice(_ range: Range<Int>) -> Audio {
        let range = range.clamped(to: 0..<sampleCount)
        let width = format.bytesPerSample
        return Audio(format: format, sampleCount: range.count, byteCount: range.count * width) { target in
            withBytes { source in
                target.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[range.lowerBound * width..<range.upperBound * width]))
            }
        }
    }

    /// The RMS level of linear audio in dBFS (a full-scale square wave is 0); -120 for digital silence.
    public func rmsLevel() -> Double {
        withSamples { samples in
            guard !samples.isEmpty else { return -120 }
            let energy = samples.reduce(into: Int64(0)) { $0 &+= Int64($1) &* Int64($1) }
            guard energy > 0 else { return -120 }
            return 10 * logarithm10(Double(energy) / Double(samples.count) / (32768.0 * 32768.0))
        }
    }
}

extension Audio: Equatable {
    public static func == (left: Audio, right: Audio) -> Bool {
        left.storage === right.storage
            || (left.format == right.format
                && left.withBytes { left in right.withBytes { right in left.elementsEqual(right) } })
    }
}
