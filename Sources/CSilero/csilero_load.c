// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#include "csilero_model.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The file: this header, then `count` little-endian floats in the order of `arrange`, each tensor row-major as
// (output, input, tap).
typedef struct {
    char magic[8];
    uint32_t version;
    uint32_t count;
    uint32_t checksum;
} file_header;

static const char file_magic[8] = {'V', 'P', 'S', 'I', 'L', 'E', 'R', 'O'};

#define FILE_VERSION 1

#define FILE_FLOATS                                                                              \
    (TRANSFORM + CHANNELS1 * (BINS * 3 + 1) + CHANNELS2 * (CHANNELS1 * 3 + 1)                    \
        + CHANNELS3 * (CHANNELS2 * 3 + 1) + CHANNELS4 * (CHANNELS3 * 3 + 1)                      \
        + GATES * 2 * (CSILERO_CELLS + 1) + CSILERO_CELLS + 1)

/// CRC-32 of IEEE 802.3, as zlib computes it.
static uint32_t crc32(const uint8_t *bytes, size_t count) {
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++) table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xEDB88320u : 0);
    }
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < count; i++) crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xFF];
    return ~crc;
}

/// Takes the next `count` floats.
static const float *take(const float **cursor, size_t count) {
    const float *start = *cursor;
    *cursor += count;
    return start;
}

/// One layer as the kernels see it; see `csilero_model`.
typedef struct {
    float *weights;
    size_t outputs, inputs, taps, block;
} layer;

/// Spreads a tensor of (outputs, `columns`, `width`) over a layer, from input `first_input` and tap `first_tap` on.
static void spread(layer to, const float *tensor, size_t columns, size_t first_input, size_t width, size_t first_tap) {
    for (size_t o = 0; o < to.outputs; o++)
        for (size_t i = 0; i < columns; i++)
            for (size_t k = 0; k < to.taps; k++) {
                const size_t row = (o / to.block * to.inputs + first_input + i) * to.taps + k;
                to.weights[row * to.block + o % to.block] = tensor[(o * columns + i) * width + first_tap + k];
            }
}

/// Fills the model with a file's floats.
static void arrange(csilero_model *model, const float *floats) {
    const layer one = {&model->convolution1[0][0][0][0], CHANNELS1, BINS, 3, BLOCK1};
    const layer two = {&model->convolution2[0][0][0][0], CHANNELS2, CHANNELS1, 3, BLOCK2};
    const layer three = {&model->convolution3[0][0][0][0], CHANNELS3, CHANNELS2, 2, BLOCK3};
    const layer four = {&model->convolution4[0][0][0][0], CHANNELS4, CHANNELS3, 1, BLOCK4};
    const layer gates = {&model->gates[0][0][0][0], GATES, 2 * CSILERO_CELLS, 1, BLOCK_GATES};
    memcpy(model->taper, take(&floats, TRANSFORM), sizeof model->taper);
    spread(one, take(&floats, CHANNELS1 * BINS * 3), BINS, 0, 3, 0);
    memcpy(model->bias1, take(&floats, CHANNELS1), sizeof model->bias1);
    spread(two, take(&floats, CHANNELS2 * CHANNELS1 * 3), CHANNELS1, 0, 3, 0);
    memcpy(model->bias2, take(&floats, CHANNELS2), sizeof model->bias2);
    spread(three, take(&floats, CHANNELS3 * CHANNELS2 * 3), CHANNELS2, 0, 3, 1);
    memcpy(model->bias3, take(&floats, CHANNELS3), sizeof model->bias3);
    spread(four, take(&floats, CHANNELS4 * CHANNELS3 * 3), CHANNELS3, 0, 3, 1);
    memcpy(model->bias4, take(&floats, CHANNELS4), sizeof model->bias4);
    spread(gates, take(&floats, GATES * CSILERO_CELLS), CSILERO_CELLS, 0, 1, 0);
    spread(gates, take(&floats, GATES * CSILERO_CELLS), CSILERO_CELLS, CSILERO_CELLS, 1, 0);
    const float *input_bias = take(&floats, GATES), *hidden_bias = take(&floats, GATES);
    for (size_t i = 0; i < GATES; i++) model->gates_bias[i] = input_bias[i] + hidden_bias[i];
    memcpy(model->output, take(&floats, CSILERO_CELLS), sizeof model->output);
    model->output_bias = *take(&floats, 1);
}

/// Computes the tables of the Fourier transform.
static void prepare_transform(csilero_model *model) {
    for (int k = 0; k < TRANSFORM / 2; k++) {
        model->cosine[k] = (float)cos(2 * M_PI * k / TRANSFORM);
        model->sine[k] = (float)sin(2 * M_PI * k / TRANSFORM);
        int reversed = 0;
        for (int bit = 0; bit < 7; bit++) reversed |= (k >> bit & 1) << (6 - bit);
        model->reversed[k] = (uint8_t)reversed;
    }
}

/// Reads header and floats of `file` into `floats`, which has room for FILE_FLOATS.
static csilero_status read_floats(FILE *file, float *floats) {
    file_header header;
    if (fread(&header, sizeof header, 1, file) != 1) return ferror(file) ? CSILERO_UNREADABLE : CSILERO_FOREIGN;
    if (memcmp(header.magic, file_magic, sizeof file_magic) != 0) return CSILERO_FOREIGN;
    if (header.version != FILE_VERSION || header.count != FILE_FLOATS) return CSILERO_FOREIGN;
    if (fread(floats, sizeof *floats, FILE_FLOATS, file) != FILE_FLOATS) return CSILERO_DAMAGED;
    const uint32_t checksum = crc32((const uint8_t *)floats, FILE_FLOATS * sizeof *floats);
    return checksum == header.checksum ? CSILERO_LOADED : CSILERO_DAMAGED;
}

/// Reads `file` into a new model.
static csilero_status load(FILE *file, csilero_model **model) {
    csilero_status status = CSILERO_NO_MEMORY;
    float *floats = malloc(FILE_FLOATS * sizeof *floats);
    *model = aligned_alloc(64, sizeof **model);
    if (floats && *model) status = read_floats(file, floats);
    if (status == CSILERO_LOADED) {
        memset(*model, 0, sizeof **model);
        arrange(*model, floats);
        prepare_transform(*model);
    } else {
        free(*model);
        *model = NULL;
    }
    free(floats);
    return status;
}

csilero_model *csilero_load(const char *path, csilero_status *status) {
    csilero_model *model = NULL;
    FILE *file = fopen(path, "rb");
    *status = CSILERO_UNREADABLE;
    if (!file) return NULL;
    *status = load(file, &model);
    const int reason = errno;
    fclose(file);
    errno = reason;
    return model;
}

void csilero_unload(csilero_model *model) {
    free(model);
}

size_t csilero_model_size(void) {
    return sizeof(csilero_model);
}
