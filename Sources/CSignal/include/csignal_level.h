// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Sum of the squares of `count` samples; exact.
int64_t csignal_energy(const int16_t *samples, size_t count);

/// Largest magnitude among `count` samples, 0...32768; 0 for none.
int32_t csignal_peak(const int16_t *samples, size_t count);

/// Multiplies `count` samples by `gain` in place, rounds to nearest and saturates.
void csignal_gain(int16_t *samples, size_t count, float gain);

/// Adds `gain` times `source` to `samples`, rounds to nearest and saturates.
void csignal_mix(int16_t *samples, const int16_t *source, size_t count, float gain);
