// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "csignal_resampler.h"

/// The largest `up` and `down` of a ratio in lowest terms (8 to 48 kHz and back).
#define CSIGNAL_MAX_PHASES 6

/// Groups that one pass over the workspace makes at most: 20 ms at a lower rate of 8 kHz.
#define CSIGNAL_GROUPS 160

/// Half the filter's span in samples of the lower rate.
#define CSIGNAL_HALF_SPAN 20

/// The taps by which one output phase reads one input plane, without the zeros at both ends.
///
/// Input is dealt to `down` planes, sample n to plane n mod `down`, so that consecutive outputs of one phase
/// read consecutive samples of a plane. A Nyquist filter leaves many planes with one tap or none.
typedef struct {
    const float *taps;
    uint16_t first;
    uint16_t count;
} csignal_branch;

/// Every `down` samples of input make a group of `up` samples of output, one per phase.
struct csignal_filter {
    uint32_t up, down;
    /// Half the span in input samples.
    uint32_t half;
    /// Input samples that a group reads; a group starts `down` samples after the one before.
    uint32_t window;
    csignal_branch branches[CSIGNAL_MAX_PHASES][CSIGNAL_MAX_PHASES];
    float *coefficients;
};
