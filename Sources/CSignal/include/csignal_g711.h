// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

// ITU-T G.711, bit-exact to the reference programs of ITU-T G.191. `output` holds `count` values and does
// not overlap `input`; 16-bit samples are left-justified, as in G.191 (14 significant bits for the µ-law, 13 for
// the A-law).

/// Expands µ-law codes to samples.
void csignal_ulaw_decode(const uint8_t *input, size_t count, int16_t *output);

/// Compresses samples to µ-law codes.
void csignal_ulaw_encode(const int16_t *input, size_t count, uint8_t *output);

/// Expands A-law codes to samples.
void csignal_alaw_decode(const uint8_t *input, size_t count, int16_t *output);

/// Compresses samples to A-law codes.
void csignal_alaw_encode(const int16_t *input, size_t count, uint8_t *output);
