// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#include "csignal_dispatch.h"
#include "csignal_level.h"
#include "csignal_support.h"

CSIGNAL_BODY int64_t energy(const int16_t *samples, size_t count) {
    int64_t sum = 0;
    // Pairs of squares fit 32 unsigned bits: 2 * 2^30.
    for (size_t i = 0; i + 1 < count; i += 2)
        sum += (uint32_t)(samples[i] * samples[i]) + (uint32_t)(samples[i + 1] * samples[i + 1]);
    if (count % 2) sum += samples[count - 1] * samples[count - 1];
    return sum;
}

CSIGNAL_BODY int32_t peak(const int16_t *samples, size_t count) {
    int16_t low = 0, high = 0;
    for (size_t i = 0; i < count; i++) {
        low = samples[i] < low ? samples[i] : low;
        high = samples[i] > high ? samples[i] : high;
    }
    return -low > high ? -low : high;
}

CSIGNAL_BODY void scale(int16_t *samples, size_t count, float gain) {
    for (size_t i = 0; i < count; i++) samples[i] = csignal_to_int16(samples[i] * gain);
}

CSIGNAL_BODY void mix(int16_t *restrict samples, const int16_t *restrict source, size_t count, float gain) {
    for (size_t i = 0; i < count; i++) samples[i] = csignal_to_int16(samples[i] + source[i] * gain);
}

CSIGNAL_AVX2 static int64_t energy_avx2(const int16_t *samples, size_t count) {
    return energy(samples, count);
}

CSIGNAL_AVX2 static int32_t peak_avx2(const int16_t *samples, size_t count) {
    return peak(samples, count);
}

CSIGNAL_AVX2 static void scale_avx2(int16_t *samples, size_t count, float gain) {
    scale(samples, count, gain);
}

CSIGNAL_AVX2 static void mix_avx2(int16_t *samples, const int16_t *source, size_t count, float gain) {
    mix(samples, source, count, gain);
}

int64_t csignal_energy(const int16_t *samples, size_t count) {
    return csignal_uses_avx2() ? energy_avx2(samples, count) : energy(samples, count);
}

int32_t csignal_peak(const int16_t *samples, size_t count) {
    return csignal_uses_avx2() ? peak_avx2(samples, count) : peak(samples, count);
}

void csignal_gain(int16_t *samples, size_t count, float gain) {
    if (csignal_uses_avx2()) scale_avx2(samples, count, gain);
    else scale(samples, count, gain);
}

void csignal_mix(int16_t *samples, const int16_t *source, size_t count, float gain) {
    if (csignal_uses_avx2()) mix_avx2(samples, source, count, gain);
    else mix(samples, source, count, gain);
}
