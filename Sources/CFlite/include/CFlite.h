// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

// A narrow face of flite 2.2: the voices' constructors are in none of its headers, and streaming is a typed feature made
// by macros. A voice may speak on several threads at a time, see cflite_voice_named.

/// A voice; it lives as long as the process.
typedef struct cst_voice_struct cflite_voice;

/// One spoken word. `text_end` is where its written token ends in the text: a byte offset, up to one too large.
typedef struct {
    int32_t text_end;
    /// Seconds from the first sample.
    float start, end;
} cflite_word;

/// Takes a piece of audio; the first call has all the words, later ones none. Nonzero stops the synthesis.
typedef int32_t (*cflite_receiver)(
    void *context, const cflite_word *words, int32_t word_count, const int16_t *samples, int32_t sample_count);

/// Answers a voice of 16 kHz by name (`slt`, `rms`, `awb`, `kal16`), or null. Not to be called by two threads at a time.
cflite_voice *cflite_voice_named(const char *name);

/// Speaks a text in pieces of at least `chunk` samples, `stretch` times as long as usual, at a mean of `pitch` Hz (0 for
/// the voice's own).
///
/// With `is_alone` it waits until nobody else speaks in this process, and gives the same samples each time.
/// Answers 0 when the text was spoken or the receiver stopped it, a negative number when it cannot be spoken.
int32_t cflite_speak(
    cflite_voice *voice, const char *text, int32_t chunk, float stretch, float pitch, int32_t is_alone,
    cflite_receiver receiver, void *context);
