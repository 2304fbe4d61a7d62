// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

/// A kernel's body, compiled once for every instruction set that calls it.
#define BODY static inline __attribute__((always_inline))

// Functions that pass vectors are always inlined, so there is no calling convention for AVX to change.
#pragma clang diagnostic ignored "-Wpsabi"

/// Eight floats; `loose` where memory is aligned to 4 bytes only.
typedef float vector __attribute__((vector_size(32)));
typedef float loose_vector __attribute__((vector_size(32), aligned(4)));
typedef int32_t integers __attribute__((vector_size(32)));

/// e to the power of each element; a relative error below 3e-7, flat outside -87...87.
BODY vector exponential(vector x) {
    const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
    const vector zero = {0};
    const vector low = zero - 87.0f, high = zero + 87.0f;
    x = (vector)(((integers)x & (x > low)) | ((integers)low & ~(x > low)));
    x = (vector)(((integers)x & (x < high)) | ((integers)high & ~(x < high)));
    const vector shifted = x * 1.44269504f + magic;
    const vector n = shifted - magic;
    // ln 2 in two parts, so that the remainder (at most half of ln 2) keeps its digits.
    const vector r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
    // The Taylor series of e^r.
    vector sum = r * (1.0f / 5040) + 1.0f / 720;
    sum = sum * r + 1.0f / 120;
    sum = sum * r + 1.0f / 24;
    sum = sum * r + 1.0f / 6;
    sum = sum * r + 0.5f;
    sum = sum * r + 1.0f;
    sum = sum * r + 1.0f;
    const integers exponent = ((integers)shifted - 0x4B400000 + 127) << 23;
    return sum * (vector)exponent;
}

/// 1 / (1 + e^-x).
BODY vector logistic(vector x) {
    return 1.0f / (1.0f + exponential(-x));
}

/// The hyperbolic tangent.
BODY vector hyperbolic_tangent(vector x) {
    return 1.0f - 2.0f / (1.0f + exponential(2.0f * x));
}

/// Elements below zero become zero.
BODY vector rectified(vector x) {
    const vector zero = {0};
    return (vector)((integers)x & (x > zero));
}
