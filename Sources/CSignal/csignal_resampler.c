// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#include "csignal_dispatch.h"
#include "csignal_filter.h"
#include "csignal_support.h"

#include <string.h>

/// Outputs that one block of the convolution holds in registers: ten accumulators of AVX2, eight of SSE2.
#define BLOCK 80
#define PORTABLE_BLOCK 32

/// Positions of a plane: the groups of a pass rounded up to a block, and the taps beyond the last.
#define PLANE (CSIGNAL_GROUPS + 2 * CSIGNAL_HALF_SPAN + BLOCK)

/// Samples of the longest window and of one pass.
#define LINE (CSIGNAL_MAX_PHASES * (2 * CSIGNAL_HALF_SPAN + 1 + CSIGNAL_GROUPS))

typedef float vector __attribute__((vector_size(32)));
typedef float loose_vector __attribute__((vector_size(32), aligned(4)));

/// What a stream keeps between calls: the end of its input, which the next groups read again.
typedef struct {
    /// Samples taken and written since the reset; they decide how much a flush writes.
    uint64_t taken, written;
    uint32_t held;
    int16_t history[];
} stream;

/// One pass: the input in a line, dealt to planes, and the output phase by phase.
typedef struct {
    int16_t line[LINE];
    float planes[CSIGNAL_MAX_PHASES][PLANE];
    float phases[CSIGNAL_MAX_PHASES][CSIGNAL_GROUPS + BLOCK];
} workspace;

/// Adds what one branch contributes to `block` consecutive outputs of a phase.
CSIGNAL_BODY void accumulate(const csignal_branch *branch, const float *plane, int block, vector *sums) {
    const float *samples = plane + branch->first;
    for (uint32_t tap = 0; tap < branch->count; tap++, samples++) {
        const float c = branch->taps[tap];
#pragma clang loop unroll(full)
        for (int v = 0; v < block / 8; v++) sums[v] += *(const loose_vector *)(samples + 8 * v) * c;
    }
}

/// Computes `groups` outputs of `phase`, and up to a block of meaningless ones after them.
CSIGNAL_BODY void convolve(const csignal_filter *filter, uint32_t phase, size_t groups, int block, workspace *work) {
    for (size_t at = 0; at < groups; at += block) {
        vector sums[BLOCK / 8] = {0};
        for (uint32_t plane = 0; plane < filter->down; plane++)
            accumulate(&filter->branches[phase][plane], work->planes[plane] + at, block, sums);
        for (int v = 0; v < block / 8; v++) *(loose_vector *)(work->phases[phase] + at + 8 * v) = sums[v];
    }
}

/// Deals `length` samples of the line to `down` planes; inlined with a constant `down`.
CSIGNAL_BODY void deal(workspace *work, size_t length, uint32_t down) {
    const size_t rows = (length + down - 1) / down;
    memset(work->line + length, 0, (rows * down - length) * sizeof *work->line);
    for (uint32_t plane = 0; plane < down; plane++) {
        const int16_t *line = work->line + plane;
        for (size_t row = 0; row < rows; row++) work->planes[plane][row] = line[row * down];
        // The last block reads past the end; zeros, because a stray denormal would cost a hundred cycles.
        memset(work->planes[plane] + rows, 0, BLOCK * sizeof(float));
    }
}

/// Rounds the phases to 16 bits and puts them in order; inlined with a constant `up`.
CSIGNAL_BODY void gather(const workspace *work, size_t groups, uint32_t up, int16_t *restrict output) {
    for (size_t group = 0; group < groups; group++)
        for (uint32_t phase = 0; phase < up; phase++)
            output[group * up + phase] = csignal_to_int16(work->phases[phase][group]);
}

/// Makes `groups` groups of output from the line.
CSIGNAL_BODY void pass(
    const csignal_filter *filter, workspace *work, size_t length, size_t groups, int block, int16_t *output) {
    switch (filter->down) {
    case 1: deal(work, length, 1); break;
    case 2: deal(work, length, 2); break;
    case 3: deal(work, length, 3); break;
    case 4: deal(work, length, 4); break;
    default: deal(work, length, 6); break;
    }
    for (uint32_t phase = 0; phase < filter->up; phase++) convolve(filter, phase, groups, block, work);
    switch (filter->up) {
    case 1: gather(work, groups, 1, output); break;
    case 2: gather(work, groups, 2, output); break;
    case 3: gather(work, groups, 3, output); break;
    case 4: gather(work, groups, 4, output); break;
    default: gather(work, groups, 6, output); break;
    }
}

CSIGNAL_AVX2 static void pass_avx2(
    const csignal_filter *filter, workspace *work, size_t length, size_t groups, int16_t *output) {
    pass(filter, work, length, groups, BLOCK, output);
}

static void pass_portable(
    const csignal_filter *filter, workspace *work, size_t length, size_t groups, int16_t *output) {
    pass(filter, work, length, groups, PORTABLE_BLOCK, output);
}

typedef void pass_function(const csignal_filter *, workspace *, size_t, size_t, int16_t *);

/// The pass for this processor.
static pass_function *chosen_pass(void) {
    return csignal_uses_avx2() ? pass_avx2 : pass_portable;
}

size_t csignal_resampler_size(const csignal_filter *filter) {
    return (sizeof(stream) + filter->window * sizeof(int16_t) + 7) & ~(size_t)7;
}

size_t csignal_resampler_lookahead(const csignal_filter *filter) {
    return filter->half + filter->down - 1;
}

void csignal_resampler_reset(void *state, const csignal_filter *filter) {
    stream *self = state;
    memset(state, 0, csignal_resampler_size(filter));
    self->held = filter->half - 1;  // the silence before the first sample
}

size_t csignal_resampler_bound(const csignal_filter *filter, size_t count) {
    return (count + filter->down - 1) / filter->down * filter->up;
}

size_t csignal_resampler_run(
    void *state, const csignal_filter *filter, const int16_t *input, size_t count, int16_t *output) {
    stream *self = state;
    pass_function *make = chosen_pass();
    size_t written = 0;
    workspace work;
    self->taken += count;
    while (count > 0) {
        // A pass that takes no more than this makes no more than CSIGNAL_GROUPS groups.
        const size_t room = filter->window + (CSIGNAL_GROUPS - 1) * filter->down - self->held;
        const size_t take = count < room ? count : room;
        const size_t length = self->held + take;
        const size_t groups = length < filter->window ? 0 : (length - filter->window) / filter->down + 1;
        memcpy(work.line, self->history, self->held * sizeof *input);
        memcpy(work.line + self->held, input, take * sizeof *input);
        if (groups > 0) make(filter, &work, length, groups, output + written);
        self->held = (uint32_t)(length - groups * filter->down);
        memcpy(self->history, work.line + groups * filter->down, self->held * sizeof *input);
        written += groups * filter->up;
        input += take;
        count -= take;
    }
    self->written += written;
    return written;
}

size_t csignal_resampler_flush_bound(const csignal_filter *filter) {
    return csignal_resampler_bound(filter, filter->half + filter->down);
}

size_t csignal_resampler_flush(void *state, const csignal_filter *filter, int16_t *output) {
    static const int16_t silence[(CSIGNAL_HALF_SPAN + 1) * CSIGNAL_MAX_PHASES];
    const stream *self = state;
    const uint64_t total = (self->taken * filter->up + filter->down - 1) / filter->down;
    const size_t due = (size_t)(total - self->written);
    csignal_resampler_run(state, filter, silence, filter->half + filter->down, output);
    csignal_resampler_reset(state, filter);
    return due;
}
