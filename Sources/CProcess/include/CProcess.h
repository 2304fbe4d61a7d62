// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

#ifndef CPROCESS_H
#define CPROCESS_H

#include <sys/types.h>

/// Starts the program at `path` in a process group of its own, with default signals, with `descriptors` as its input,
/// output and error output, and with no other descriptor of this process.
///
/// Returns 0 and writes the process id, or returns an `errno`.
int cprocess_spawn(
    const char *path, char *const arguments[], char *const environment[], const int descriptors[3], pid_t *process);

#endif
