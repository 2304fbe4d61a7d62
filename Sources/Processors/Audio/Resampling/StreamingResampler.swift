// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Changes the sample rate of one channel of a stream.
///
/// Takes blocks of any length, an empty one included, and the split of a stream into blocks does not change
/// its output. Output sample k stands at the time k / `outputRate` of the input: a filter's delay shows as
/// output that comes later, never as a shift, and after the flush n samples of input have given exactly
/// ceil(n * outputRate / inputRate). Nothing is allocated after `init`. Two channels need two resamplers.
///
/// For the ratios between 8, 16, 24, 32 and 48 kHz a polyphase kernel keeps 86 % of the band of the lower rate, adds errors
/// below -80 dB and delays by 20 samples of the lower rate; every other ratio goes through libsamplerate.
package final class StreamingResampler {
    private enum Engine {
        case copy
        case polyphase(PolyphaseResampler)
        case library(LibraryResampler)
    }

    /// Rate of the input in Hz.
    package let inputRate: Int
    /// Rate of the output in Hz.
    package let outputRate: Int
    private let engine: Engine

    /// A stream that has seen no sample; `quality` matters only where libsamplerate converts.
    ///
    /// - Throws: `ResamplerError.unsupportedRates` when a rate is not positive or the rates are more than 256
    ///   times apart; `ResamplerError.library` when libsamplerate cannot make its state.
    package init(
        from inputRate: Int, to outputRate: Int, quality: ResamplerQuality = .medium
    ) throws(ResamplerError) {
        guard inputRate > 0, outputRate > 0, inputRate / 256 <= outputRate, outputRate / 256 <= inputRate,
            max(inputRate, outputRate) <= Int(Int32.max)
        else { throw .unsupportedRates(from: inputRate, to: outputRate) }
        self.inputRate = inputRate
        self.outputRate = outputRate
        let ratio = RateRatio(from: inputRate, to: outputRate)
        if ratio.up == ratio.down {
            engine = .copy
        } else if let kernel = PolyphaseResampler(ratio) {
            engine = .polyphase(kernel)
        } else {
            engine = .library(try LibraryResampler(ratio, quality: quality))
        }
    }

    /// The most samples that the next `count` samples of input can complete.
    package func maximumOutput(for count: Int) -> Int {
        switch engine {
        case .copy: count
        case .polyphase(let kernel): kernel.maximumOutput(for: count)
        case .library(let library): library.maximumOutput(for: count)
        }
    }

    /// The most samples that a flush writes now.
    package var maximumFlush: Int {
        switch engine {
        case .copy: 0
        case .polyphase(let kernel): kernel.maximumFlush
        case .library(let library): library.maximumFlush
        }
    }

    /// Takes all of `input` and writes the samples that are complete; answers how many.
    ///
    /// `output` has room for `maximumOutput(for: input.count)` samples and does not overlap `input`.
    package func process(
        _ input: UnsafeBufferPointer<Int16>, into output: UnsafeMutableBufferPointer<Int16>
    ) -> Int {
        precondition(output.count >= maximumOutput(for: input.count), "the output has no room for the input's samples")
        switch engine {
        case .copy: return output.update(fromContentsOf: input)
        case .polyphase(let kernel): return kernel.process(input, into: output)
        case .library(let library): return library.process(input, into: output)
        }
    }

    /// Writes what is held, as if silence followed, and resets; answers how many samples were written.
    ///
    /// `output` has room for `maximumFlush` samples.
    package func flush(into output: UnsafeMutableBufferPointer<Int16>) -> Int {
        precondition(output.count >= maximumFlush, "the output has no room for the held samples")
        switch engine {
        case .copy: return 0
        case .polyphase(let kernel): return kernel.flush(into: output)
        case .library(let library): return library.flush(into: output)
        }
    }

    /// Forgets what is held; the next sample is the first of a new stream.
    package func reset() {
        switch engine {
        case .copy: break
        case .polyphase(let kernel): kernel.reset()
        case .library(let library): library.reset()
        }
    }
}

extension StreamingResampler {
    /// The samples that `input` completes, as an array; for whole clips and tests.
    package func process(_ input: [Int16]) -> [Int16] {
        [Int16](unsafeUninitializedCapacity: maximumOutput(for: input.count)) { output, count in
            count = input.withUnsafeBufferPointer { process($0, into: output) }
        }
    }

    /// The samples that a flush gives, as an array.
    package func flush() -> [Int16] {
        [Int16](unsafeUninitializedCapacity: maximumFlush) { output, count in
            count = flush(into: output)
        }
    }
}

@available(*, unavailable)
extension StreamingResampler: Sendable {}
