// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

/// The polyphase filter of one rate ratio: immutable, shared by all streams, alive as long as the process.
///
/// A windowed sinc (Kaiser, 84 dB) that spans 40 samples of the lower of the two rates and cuts at that
/// rate's Nyquist frequency. Flat to 0.86 of that frequency, 84 dB down from 1.14 of it; what lies between
/// (3.4 to 4.6 kHz for a lower rate of 8 kHz) is attenuated gradually and mirrors into the top of the pass band.
typedef struct csignal_filter csignal_filter;

/// The filter that makes `up` samples out of `down`, in lowest terms.
///
/// Ratios between 8, 16, 24, 32 and 48 kHz have one; the answer is NULL for every other ratio and when memory
/// ran out. The first call for a ratio computes the coefficients; calls are safe from any thread.
const csignal_filter *csignal_filter_for(uint32_t up, uint32_t down);

/// Bytes of state that one stream through `filter` needs, to be aligned to 8.
size_t csignal_resampler_size(const csignal_filter *filter);

/// Samples of input that the filter looks ahead: output lags behind input by at most this.
size_t csignal_resampler_lookahead(const csignal_filter *filter);

/// Makes `state` (of `csignal_resampler_size` bytes) a stream that has seen no sample.
void csignal_resampler_reset(void *state, const csignal_filter *filter);

/// The most samples that `csignal_resampler_run` writes for `count` samples of input in any state.
size_t csignal_resampler_bound(const csignal_filter *filter, size_t count);

/// Takes `count` samples (any number, 0 included) and writes those that are complete; answers how many.
///
/// Output sample k stands at the time of input sample k * down / up: the filter's delay shows as output
/// that comes later, never as a shift. `output` has room for `csignal_resampler_bound` samples and does not
/// overlap `input`. The split of a stream into calls does not change a bit of the output.
size_t csignal_resampler_run(
    void *state, const csignal_filter *filter, const int16_t *input, size_t count, int16_t *output);

/// The most samples that `csignal_resampler_flush` writes.
size_t csignal_resampler_flush_bound(const csignal_filter *filter);

/// Writes what is held, as if silence followed, and resets the stream; answers how many samples were written.
///
/// In all, a stream of n samples has then given ceil(n * up / down).
size_t csignal_resampler_flush(void *state, const csignal_filter *filter, int16_t *output);
