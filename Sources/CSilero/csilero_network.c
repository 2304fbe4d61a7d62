// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#include "csilero_math.h"
#include "csilero_model.h"
#include "csilero_spectrum.h"

#include <string.h>

/// The form of a layer; every field is a constant where a kernel is inlined.
typedef struct {
    int outputs, inputs, taps, block;
    /// Frames that the layer reads, makes, and advances from one to the next.
    int frames_in, frames_out, stride;
    /// The frame that the first tap of the first output meets; -1 is padding.
    int first_frame;
    /// Floats from one channel of the input to the next, and from one frame to the next.
    int channel_step, frame_step;
    int is_rectified;
} shape;

/// Computes `output[frame][channel]`: a convolution over time and all inputs, with every weight read once.
BODY void run_layer(const shape form, const float *weights, const float *bias, const float *input, float *output) {
    const int vectors = form.block / 8;
    for (int at = 0; at < form.outputs; at += form.block) {
        vector sums[FRAMES * 2];
#pragma clang loop unroll(full)
        for (int i = 0; i < form.frames_out * vectors; i++) sums[i] = *(const loose_vector *)(bias + at + i % vectors * 8);
        for (int channel = 0; channel < form.inputs; channel++) {
#pragma clang loop unroll(full)
            for (int tap = 0; tap < form.taps; tap++) {
#pragma clang loop unroll(full)
                for (int frame = 0; frame < form.frames_out; frame++) {
                    const int from = frame * form.stride + tap + form.first_frame;
                    if (from < 0 || from >= form.frames_in) continue;
                    const float x = input[channel * form.channel_step + from * form.frame_step];
#pragma clang loop unroll(full)
                    for (int v = 0; v < vectors; v++)
                        sums[frame * vectors + v] += ((const vector *)weights)[tap * vectors + v] * x;
                }
            }
            weights += form.taps * form.block;
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < form.frames_out * vectors; i++) {
            const vector sum = form.is_rectified ? rectified(sums[i]) : sums[i];
            *(loose_vector *)(output + i / vectors * form.outputs + at + i % vectors * 8) = sum;
        }
    }
}

static const shape convolution1 = {CHANNELS1, BINS, 3, BLOCK1, 4, 4, 1, -1, FRAMES, 1, 1};
static const shape convolution2 = {CHANNELS2, CHANNELS1, 3, BLOCK2, 4, 2, 2, -1, 1, CHANNELS1, 1};
static const shape convolution3 = {CHANNELS3, CHANNELS2, 2, BLOCK3, 2, 1, 2, 0, 1, CHANNELS2, 1};
static const shape convolution4 = {CHANNELS4, CHANNELS3, 1, BLOCK4, 1, 1, 1, 0, 1, CHANNELS3, 1};
static const shape gates = {GATES, 2 * CSILERO_CELLS, 1, BLOCK_GATES, 1, 1, 1, 0, 1, 2 * CSILERO_CELLS, 0};

/// Turns four frames of magnitudes to the features of the window.
BODY void encode(const csilero_model *model, const float (*magnitudes)[FRAMES], float *features) {
    float one[4 * CHANNELS1], two[2 * CHANNELS2], three[CHANNELS3];
    run_layer(convolution1, &model->convolution1[0][0][0][0], model->bias1, magnitudes[0], one);
    run_layer(convolution2, &model->convolution2[0][0][0][0], model->bias2, one, two);
    run_layer(convolution3, &model->convolution3[0][0][0][0], model->bias3, two, three);
    run_layer(convolution4, &model->convolution4[0][0][0][0], model->bias4, three, features);
}

/// Advances the recurrent cell by the window's features, and answers the weighted sum of what it then says.
BODY float advance(const csilero_model *model, csilero_state *state, const float *features) {
    float input[2 * CSILERO_CELLS], gate[GATES];
    memcpy(input, features, CSILERO_CELLS * sizeof *input);
    memcpy(input + CSILERO_CELLS, state->hidden, sizeof state->hidden);
    run_layer(gates, &model->gates[0][0][0][0], model->gates_bias, input, gate);
    vector sum = {0};
    for (int i = 0; i < CSILERO_CELLS; i += 8) {
        const loose_vector *in = (const loose_vector *)(gate + i);
        const loose_vector *forget = (const loose_vector *)(gate + CSILERO_CELLS + i);
        const loose_vector *candidate = (const loose_vector *)(gate + 2 * CSILERO_CELLS + i);
        const loose_vector *out = (const loose_vector *)(gate + 3 * CSILERO_CELLS + i);
        loose_vector *cell = (loose_vector *)(state->cell + i);
        *cell = logistic(*forget) * *cell + logistic(*in) * hyperbolic_tangent(*candidate);
        const vector hidden = logistic(*out) * hyperbolic_tangent(*cell);
        *(loose_vector *)(state->hidden + i) = hidden;
        sum += rectified(hidden) * *(const vector *)(model->output + i);
    }
    float total = model->output_bias;
    for (int i = 0; i < 8; i++) total += sum[i];
    return total;
}

/// The probability for `samples`: context and window, with room for the 64 samples that reflect their end.
BODY float run(const csilero_model *model, csilero_state *state, float *samples) {
    const int end = CSILERO_CONTEXT + CSILERO_WINDOW;
    float magnitudes[BINS][FRAMES], features[CHANNELS4];
    for (int i = 0; i < 64; i++) samples[end + i] = samples[end - 2 - i];
    magnitude_spectra(model, samples, magnitudes);
    encode(model, magnitudes, features);
    const vector sum = {advance(model, state, features)};
    memcpy(state->context, samples + CSILERO_WINDOW, sizeof state->context);
    return logistic(sum)[0];
}

static float run_portable(const csilero_model *model, csilero_state *state, float *samples) {
    return run(model, state, samples);
}

static _Thread_local int forced_portable;

void csilero_force_portable(int portable) {
    forced_portable = portable;
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static float run_avx2(
    const csilero_model *model, csilero_state *state, float *samples) {
    return run(model, state, samples);
}

/// Runs the kernels for this processor.
static float run_dispatched(const csilero_model *model, csilero_state *state, float *samples) {
    const int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return has_avx2 && !forced_portable ? run_avx2(model, state, samples) : run_portable(model, state, samples);
}
#else
static float run_dispatched(const csilero_model *model, csilero_state *state, float *samples) {
    return run_portable(model, state, samples);
}
#endif

float csilero_run(const csilero_model *model, csilero_state *state, const float *window) {
    float samples[CSILERO_CONTEXT + CSILERO_WINDOW + 64];
    memcpy(samples, state->context, sizeof state->context);
    memcpy(samples + CSILERO_CONTEXT, window, CSILERO_WINDOW * sizeof *window);
    return run_dispatched(model, state, samples);
}

float csilero_run_int16(const csilero_model *model, csilero_state *state, const int16_t *window) {
    float samples[CSILERO_CONTEXT + CSILERO_WINDOW + 64];
    memcpy(samples, state->context, sizeof state->context);
    for (int i = 0; i < CSILERO_WINDOW; i++) samples[CSILERO_CONTEXT + i] = window[i] / 32768.0f;
    return run_dispatched(model, state, samples);
}
