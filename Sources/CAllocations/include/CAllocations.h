// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Begins to count the heap allocations of the calling thread, from zero.
void allocations_begin(void);

/// Ends the count and returns it: calls of malloc, calloc, realloc and the aligned ones.
uint64_t allocations_end(void);

/// Whether allocations can be counted in this build; not under a sanitizer, which has an allocator of its own.
bool allocations_supported(void);

/// Resident memory of the process in bytes; 0 when it cannot be told.
uint64_t resident_bytes(void);
