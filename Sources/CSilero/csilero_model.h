// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "CSilero.h"

/// Points of the Fourier transform, and the samples from one of the four frames to the next.
#define TRANSFORM 256
#define HOP 128

/// Frames that a window and its context give.
#define FRAMES 4

/// Bins of the magnitude spectrum.
#define BINS (TRANSFORM / 2 + 1)

/// Channels that each convolution makes.
#define CHANNELS1 128
#define CHANNELS2 64
#define CHANNELS3 64
#define CHANNELS4 128

/// Values that the recurrent cell's four gates take: input, forget, candidate, output.
#define GATES (4 * CSILERO_CELLS)

/// Outputs of a layer that its kernel holds in registers, for each of the frames that it makes.
#define BLOCK1 16
#define BLOCK2 32
#define BLOCK3 64
#define BLOCK4 64
#define BLOCK_GATES 64

/// Weights in the order in which the kernels read them: block of outputs, input, tap, output in the block.
///
/// Taps that can only meet padding are left out: the third convolution has two frames of input and makes one,
/// the fourth has one.
struct csilero_model {
    _Alignas(64) float convolution1[CHANNELS1 / BLOCK1][BINS][3][BLOCK1];
    _Alignas(64) float convolution2[CHANNELS2 / BLOCK2][CHANNELS1][3][BLOCK2];
    _Alignas(64) float convolution3[CHANNELS3 / BLOCK3][CHANNELS2][2][BLOCK3];
    _Alignas(64) float convolution4[CHANNELS4 / BLOCK4][CHANNELS3][1][BLOCK4];
    /// Reads the fourth convolution's outputs, then the hidden state.
    _Alignas(64) float gates[GATES / BLOCK_GATES][2 * CSILERO_CELLS][1][BLOCK_GATES];
    _Alignas(64) float bias1[CHANNELS1];
    _Alignas(64) float bias2[CHANNELS2];
    _Alignas(64) float bias3[CHANNELS3];
    _Alignas(64) float bias4[CHANNELS4];
    _Alignas(64) float gates_bias[GATES];
    _Alignas(64) float output[CSILERO_CELLS];
    float output_bias;

    /// The transform's window, and cos and sin of 2 pi k / TRANSFORM.
    float taper[TRANSFORM];
    float cosine[TRANSFORM / 2];
    float sine[TRANSFORM / 2];
    /// Seven-bit numbers with their bits reversed.
    uint8_t reversed[TRANSFORM / 2];
};
