// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

// The network of Silero VAD, version 6, for 16 kHz: one probability of speech per 512 samples.
// Plain C11; AVX2 and FMA where the processor has them. Nothing is allocated while it runs.

/// Samples of one window, 32 ms at 16 kHz.
#define CSILERO_WINDOW 512

/// Samples of the window before that the network sees again.
#define CSILERO_CONTEXT 64

/// Width of the recurrent cell.
#define CSILERO_CELLS 128

/// The weights: immutable, shared by all streams and threads.
typedef struct csilero_model csilero_model;

/// What one stream keeps between windows; all zeros at the start of a stream and after a gap in it.
typedef struct {
    float hidden[CSILERO_CELLS];
    float cell[CSILERO_CELLS];
    float context[CSILERO_CONTEXT];
} csilero_state;

/// How a load ended.
typedef enum {
    CSILERO_LOADED,
    /// The file does not exist or cannot be read; `errno` says why.
    CSILERO_UNREADABLE,
    /// The file is no weights file, or one of another version.
    CSILERO_FOREIGN,
    /// The file is cut off or its checksum does not agree.
    CSILERO_DAMAGED,
    CSILERO_NO_MEMORY,
} csilero_status;

/// Reads the weights that `scripts/fetch-silero.py` wrote; NULL unless `status` is CSILERO_LOADED.
csilero_model *csilero_load(const char *path, csilero_status *status);

/// Frees weights that no stream uses any more.
void csilero_unload(csilero_model *model);

/// Bytes that a model holds.
size_t csilero_model_size(void);

/// The probability 0...1 that `window` (CSILERO_WINDOW samples of -1...1) is speech, given the stream so far.
float csilero_run(const csilero_model *model, csilero_state *state, const float *window);

/// The same for 16-bit samples.
float csilero_run_int16(const csilero_model *model, csilero_state *state, const int16_t *window);

/// On the calling thread, forces the portable kernels (1) or returns to the choice by processor (0).
///
/// For tests that compare the two.
void csilero_force_portable(int portable);
