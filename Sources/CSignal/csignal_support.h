// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

/// A kernel's body, compiled once for every instruction set that calls it.
#define CSIGNAL_BODY static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define CSIGNAL_AVX2 __attribute__((target("avx2,fma")))
#else
#define CSIGNAL_AVX2
#endif

/// The nearest integer to `value` that fits 16 bits; halves go to the even neighbour.
CSIGNAL_BODY int16_t csignal_to_int16(float value) {
    // Adding 1.5 * 2^23 leaves no bits for a fraction: rounding without SSE 4.1 and in vector form.
    const float magic = 12582912.0f;
    value = value > 32767.0f ? 32767.0f : value;
    value = value < -32768.0f ? -32768.0f : value;
    return (int16_t)((value + magic) - magic);
}
