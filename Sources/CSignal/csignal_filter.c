// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#include "csignal_filter.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/// Stop-band attenuation in dB that the window is shaped for.
static const double attenuation = 84.0;

/// The ratios between 8, 16, 24, 32 and 48 kHz.
static const uint8_t ratios[][2] = {
    {1, 2}, {2, 1}, {1, 3}, {3, 1}, {1, 4}, {4, 1}, {1, 6}, {6, 1}, {2, 3}, {3, 2}, {3, 4}, {4, 3},
};

#define RATIOS (sizeof ratios / sizeof ratios[0])

static csignal_filter filters[RATIOS];
static pthread_mutex_t filters_lock = PTHREAD_MUTEX_INITIALIZER;

/// The modified Bessel function of the first kind and order zero, by its power series.
static double bessel_i0(double x) {
    double term = 1.0, sum = 1.0;
    for (int k = 1; term > sum * 1e-17; k++) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
    }
    return sum;
}

/// The Kaiser window at `position` of -1...1.
static double kaiser(double position) {
    const double beta = 0.1102 * (attenuation - 8.7);  // Kaiser's formula for more than 50 dB
    if (fabs(position) >= 1.0) return 0.0;
    return bessel_i0(beta * sqrt(1.0 - position * position)) / bessel_i0(beta);
}

/// The impulse response `distance` / (up * input rate) seconds from its centre, not yet normalised.
///
/// Distances that are multiples of max(up, down) are zeros of the sinc, and exact ones.
static double response(const csignal_filter *filter, int64_t distance) {
    const int64_t period = filter->up > filter->down ? filter->up : filter->down;
    if (distance == 0) return 1.0;
    if (distance % period == 0) return 0.0;
    const double x = M_PI * (double)distance / (double)period;
    return sin(x) / x * kaiser((double)distance / ((double)filter->half * filter->up));
}

/// Fills `window` taps of `phase`, in the order of the input, with a sum of one.
static void fill_phase(const csignal_filter *filter, uint32_t phase, double *taps) {
    double sum = 0.0;
    for (uint32_t j = 0; j < filter->window; j++) {
        const int64_t sample = (int64_t)j - filter->half + 1;
        taps[j] = response(filter, (int64_t)phase * filter->down - sample * filter->up);
        sum += taps[j];
    }
    for (uint32_t j = 0; j < filter->window; j++) taps[j] /= sum;
}

/// Takes every `down`-th of `taps` from `plane` on into `store` and trims zeros; answers the taps stored.
static size_t fill_branch(csignal_filter *filter, uint32_t phase, uint32_t plane, const double *taps, float *store) {
    uint32_t first = 0, length = 0, count = 0;
    for (uint32_t j = plane, q = 0; j < filter->window; j += filter->down, q++) {
        if (taps[j] == 0.0) continue;
        if (count == 0) first = q;
        count = q - first + 1;
    }
    for (; length < count; length++) store[length] = (float)taps[plane + (first + length) * filter->down];
    filter->branches[phase][plane] = (csignal_branch){store, (uint16_t)first, (uint16_t)count};
    return count;
}

/// Computes the filter of a ratio; `coefficients` stays NULL when memory ran out.
static void design(csignal_filter *filter, uint32_t up, uint32_t down) {
    filter->up = up;
    filter->down = down;
    filter->half = down > up ? (CSIGNAL_HALF_SPAN * down + up - 1) / up : CSIGNAL_HALF_SPAN;
    filter->window = 2 * filter->half + (up - 1) * down / up;
    double *taps = malloc(filter->window * sizeof *taps);
    float *store = malloc((size_t)filter->window * up * sizeof *store);
    if (taps && store) {
        filter->coefficients = store;
        for (uint32_t phase = 0; phase < up; phase++) {
            fill_phase(filter, phase, taps);
            for (uint32_t plane = 0; plane < down; plane++) store += fill_branch(filter, phase, plane, taps, store);
        }
    } else {
        free(store);
    }
    free(taps);
}

const csignal_filter *csignal_filter_for(uint32_t up, uint32_t down) {
    for (size_t i = 0; i < RATIOS; i++) {
        if (ratios[i][0] != up || ratios[i][1] != down) continue;
        pthread_mutex_lock(&filters_lock);
        if (!filters[i].coefficients) design(&filters[i], up, down);
        const int ready = filters[i].coefficients != NULL;
        pthread_mutex_unlock(&filters_lock);
        return ready ? &filters[i] : NULL;
    }
    return NULL;
}
