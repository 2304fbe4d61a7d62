// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "csilero_math.h"
#include "csilero_model.h"

/// One value of each of the four frames.
typedef float lanes __attribute__((vector_size(16)));
typedef float loose_lanes __attribute__((vector_size(16), aligned(4)));

/// Half the transform's points: a real transform is computed as a complex one of half the size.
#define HALF (TRANSFORM / 2)

/// Complex numbers, one per point and frame.
typedef struct {
    lanes real[HALF], imaginary[HALF];
} points;

/// Tapers the frames of `samples` and makes each pair of samples a complex number, in bit-reversed order.
BODY void load_frames(const csilero_model *model, const float *samples, points *z) {
    for (int n = 0; n < HALF; n++) {
        const float *even = samples + 2 * n, *odd = even + 1;
        const int at = model->reversed[n];
        z->real[at] = (lanes){even[0], even[HOP], even[2 * HOP], even[3 * HOP]} * model->taper[2 * n];
        z->imaginary[at] = (lanes){odd[0], odd[HOP], odd[2 * HOP], odd[3 * HOP]} * model->taper[2 * n + 1];
    }
}

/// The fast Fourier transform of decimation in time, in place, from bit-reversed order.
BODY void transform(const csilero_model *model, points *z) {
    for (int half = 1; half < HALF; half *= 2) {
        const int step = HALF / half;  // of the angle, in units of 2 pi / TRANSFORM
        for (int k = 0; k < half; k++) {
            const float c = model->cosine[k * step], s = model->sine[k * step];
            for (int a = k; a < HALF; a += 2 * half) {
                const int b = a + half;
                const lanes real = z->real[b] * c + z->imaginary[b] * s;
                const lanes imaginary = z->imaginary[b] * c - z->real[b] * s;
                z->real[b] = z->real[a] - real;
                z->imaginary[b] = z->imaginary[a] - imaginary;
                z->real[a] += real;
                z->imaginary[a] += imaginary;
            }
        }
    }
}

/// The square root of each element.
BODY lanes square_root(lanes x) {
    return (lanes){__builtin_sqrtf(x[0]), __builtin_sqrtf(x[1]), __builtin_sqrtf(x[2]), __builtin_sqrtf(x[3])};
}

/// Separates the transform of the real samples from that of their pairs; stores its magnitudes.
///
/// With E and O the transforms of even and odd samples, bin k is E + w O and bin HALF - k the conjugate of E - w O.
BODY void store_magnitudes(const csilero_model *model, const points *z, float (*magnitudes)[FRAMES]) {
    const lanes first = z->real[0] + z->imaginary[0], last = z->real[0] - z->imaginary[0];
    *(loose_lanes *)magnitudes[0] = square_root(first * first);
    *(loose_lanes *)magnitudes[HALF] = square_root(last * last);
    for (int k = 1; k <= HALF / 2; k++) {
        const int m = HALF - k;
        const lanes even_real = (z->real[k] + z->real[m]) * 0.5f;
        const lanes even_imaginary = (z->imaginary[k] - z->imaginary[m]) * 0.5f;
        const lanes odd_real = (z->imaginary[k] + z->imaginary[m]) * 0.5f;
        const lanes odd_imaginary = (z->real[m] - z->real[k]) * 0.5f;
        const float c = model->cosine[k], s = model->sine[k];
        const lanes real = odd_real * c + odd_imaginary * s;
        const lanes imaginary = odd_imaginary * c - odd_real * s;
        const lanes r1 = even_real + real, i1 = even_imaginary + imaginary;
        const lanes r2 = even_real - real, i2 = even_imaginary - imaginary;
        *(loose_lanes *)magnitudes[k] = square_root(r1 * r1 + i1 * i1);
        *(loose_lanes *)magnitudes[m] = square_root(r2 * r2 + i2 * i2);
    }
}

/// The magnitude spectra of four frames of 640 samples.
///
/// The published model convolves with a table of tapered cosines and sines; this is the same in fewer steps.
BODY void magnitude_spectra(const csilero_model *model, const float *samples, float (*magnitudes)[FRAMES]) {
    points z;
    load_frames(model, samples, &z);
    transform(model, &z);
    store_magnitudes(model, &z, magnitudes);
}
