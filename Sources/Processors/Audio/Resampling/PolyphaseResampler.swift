// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal

/// A stream through one of the polyphase kernels of CSignal, for ratios between 8, 16, 24, 32 and 48 kHz.
///
/// State of 104 to 504 bytes; nothing is allocated after `init`.
final class PolyphaseResampler {
    private let filter: OpaquePointer
    private let state: UnsafeMutableRawPointer

    /// A stream that has seen no sample; nil for a ratio without a kernel.
    init?(_ ratio: RateRatio) {
        guard let up = UInt32(exactly: ratio.up), let down = UInt32(exactly: ratio.down),
            let filter = csignal_filter_for(up, down)
        else { return nil }
        self.filter = filter
        state = .allocate(byteCount: csignal_resampler_size(filter), alignment: 8)
        csignal_resampler_reset(state, filter)
    }

    deinit {
        state.deallocate()
    }

    /// Samples of input that output waits for.
    var lookahead: Int {
        csignal_resampler_lookahead(filter)
    }

    /// The most samples that `count` samples of input can complete.
    func maximumOutput(for count: Int) -> Int {
        csignal_resampler_bound(filter, count)
    }

    /// The most samples that `flush` writes.
    var maximumFlush: Int {
        csignal_resampler_flush_bound(filter)
    }

    /// Takes all of `input` and answers how many samples were written.
    func process(_ input: UnsafeBufferPointer<Int16>, into output: UnsafeMutableBufferPointer<Int16>) -> Int {
        guard let source = input.baseAddress, let target = output.baseAddress else { return 0 }
        return csignal_resampler_run(state, filter, source, input.count, target)
    }

    /// Writes what is held, resets, and answers how many samples were written.
    func flush(into output: UnsafeMutableBufferPointer<Int16>) -> Int {
        guard let target = output.baseAddress else { return 0 }
        return csignal_resampler_flush(state, filter, target)
    }

    /// Forgets what is held.
    func reset() {
        csignal_resampler_reset(state, filter)
    }
}

@available(*, unavailable)
extension PolyphaseResampler: Sendable {}
