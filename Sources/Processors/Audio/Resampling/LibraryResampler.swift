// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSampleRate

/// A stream through libsamplerate, for every ratio that has no kernel of our own.
///
/// Nothing is allocated after `init`; the library keeps 30 to 150 KB per stream.
final class LibraryResampler {
    private static let chunk = 512

    private let library: OpaquePointer
    private let ratio: RateRatio
    private let source: UnsafeMutableBufferPointer<Float>
    private let target: UnsafeMutableBufferPointer<Float>
    private var taken = 0
    private var written = 0

    /// A stream that has seen no sample.
    ///
    /// - Throws: `ResamplerError.library` when the library cannot make its state.
    init(_ ratio: RateRatio, quality: ResamplerQuality) throws(ResamplerError) {
        var code: Int32 = 0
        guard let library = src_new(quality.converter, 1, &code) else {
            throw .library(LibraryResampler.message(code))
        }
        self.library = library
        self.ratio = ratio
        source = .allocate(capacity: Self.chunk)
        target = .allocate(capacity: ratio.outputCount(for: Self.chunk) + 1)
    }

    deinit {
        src_delete(library)
        source.deallocate()
        target.deallocate()
    }

    /// The most samples that `count` more samples of input can complete: those that are due by then.
    func maximumOutput(for count: Int) -> Int {
        ratio.outputCount(for: taken + count) - written
    }

    /// The samples that `flush` writes.
    var maximumFlush: Int {
        maximumOutput(for: 0)
    }

    /// Takes all of `input` and answers how many samples were written.
    func process(_ input: UnsafeBufferPointer<Int16>, into output: UnsafeMutableBufferPointer<Int16>) -> Int {
        var position = 0
        var count = 0
        taken += input.count
        while position < input.count {
            let take = min(Self.chunk, input.count - position)
            src_short_to_float_array(input.baseAddress?.advanced(by: position), source.baseAddress, Int32(take))
            count += convert(take, isLast: false, into: UnsafeMutableBufferPointer(rebasing: output[count...]))
            position += take
        }
        return count
    }

    /// Writes what is held, as if silence followed, resets, and answers how many samples were written.
    func flush(into output: UnsafeMutableBufferPointer<Int16>) -> Int {
        let due = maximumFlush
        let count = convert(0, isLast: true, into: UnsafeMutableBufferPointer(rebasing: output[..<due]))
        // The library may count one sample less than the ratio does.
        output[count..<due].update(repeating: 0)
        reset()
        return due
    }

    /// Forgets what is held.
    func reset() {
        src_reset(library)
        taken = 0
        written = 0
    }

    /// Converts `count` samples of `source` and all that this completes, but no more than are due.
    private func convert(_ count: Int, isLast: Bool, into output: UnsafeMutableBufferPointer<Int16>) -> Int {
        var data = SRC_DATA()
        data.src_ratio = Double(ratio.up) / Double(ratio.down)
        data.end_of_input = isLast ? 1 : 0
        data.data_out = target.baseAddress
        data.output_frames = target.count
        var position = 0
        var total = 0
        repeat {
            data.data_in = UnsafePointer(source.baseAddress?.advanced(by: position))
            data.input_frames = count - position
            guard src_process(library, &data) == 0 else { break }
            let kept = min(data.output_frames_gen, output.count - total)
            if kept > 0 {
                src_float_to_short_array(target.baseAddress, output.baseAddress?.advanced(by: total), Int32(kept))
            }
            total += kept
            position += data.input_frames_used
        } while data.output_frames_gen > 0 || (data.input_frames_used > 0 && position < count)
        written += total
        return total
    }

    private static func message(_ code: Int32) -> String {
        src_strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}

@available(*, unavailable)
extension LibraryResampler: Sendable {}

extension ResamplerQuality {
    /// The converter's number in libsamplerate.
    fileprivate var converter: Int32 {
        switch self {
        case .fastest: Int32(SRC_SINC_FASTEST)
        case .medium: Int32(SRC_SINC_MEDIUM_QUALITY)
        case .best: Int32(SRC_SINC_BEST_QUALITY)
        }
    }
}
