// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

// A narrow face of libpocketsphinx 5prealpha: its configuration is variadic, and its channel estimate lies in structures
// that Swift need not know. Calls that answer an int answer 0, or a negative number on failure. A decoder serves one
// thread at a time. No call checks the order of calls; PocketsphinxSearch does.

/// A decoder with one search.
typedef struct cpocketsphinx_decoder cpocketsphinx_decoder;

/// One word of a result. `word` belongs to the decoder and lives until its next utterance or change of grammar.
typedef struct {
    const char *word;
    /// First and last frame of 10 ms, both inside the word.
    int32_t first_frame, last_frame;
    /// Acoustic score over these frames, in the library's shifted log units; higher is better.
    int32_t score;
} cpocketsphinx_word;

/// Nats in one unit of `score`.
extern const double cpocketsphinx_score_unit;

/// Opens a decoder with arguments such as `-hmm`, `PATH`, or answers null. Logs nothing.
cpocketsphinx_decoder *cpocketsphinx_open(const char *const *arguments, int32_t count);
void cpocketsphinx_close(cpocketsphinx_decoder *decoder);

/// Adds a pronunciation, phones separated by spaces.
int32_t cpocketsphinx_add_word(cpocketsphinx_decoder *decoder, const char *word, const char *phones);
/// Sets the grammar, a JSGF text, and makes it the active search.
int32_t cpocketsphinx_set_grammar(cpocketsphinx_decoder *decoder, const char *text);

/// Starts an utterance whose frames count from 0.
int32_t cpocketsphinx_start(cpocketsphinx_decoder *decoder);
/// Feeds samples of 16 kHz.
int32_t cpocketsphinx_process(cpocketsphinx_decoder *decoder, const int16_t *samples, int32_t count);
int32_t cpocketsphinx_end(cpocketsphinx_decoder *decoder);
/// Forgets the channel: the running mean of the cepstrum becomes the model's own again.
void cpocketsphinx_reset_channel(cpocketsphinx_decoder *decoder);

/// Answers the best hypothesis so far, which lives until the next call, or null.
const char *cpocketsphinx_hypothesis(cpocketsphinx_decoder *decoder);
/// Writes up to `capacity` words, fillers included, and answers how many there are.
int32_t cpocketsphinx_words(cpocketsphinx_decoder *decoder, cpocketsphinx_word *words, int32_t capacity);
