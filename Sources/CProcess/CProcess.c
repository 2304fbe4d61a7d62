// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

// For posix_spawn_file_actions_addclosefrom_np, which Swift's view of the C library does not have.
#define _GNU_SOURCE

#include "CProcess.h"

#include <signal.h>
#include <spawn.h>

static int set_descriptors(posix_spawn_file_actions_t *actions, const int descriptors[3]) {
    for (int target = 0; target < 3; target++) {
        int code = posix_spawn_file_actions_adddup2(actions, descriptors[target], target);
        if (code != 0) return code;
    }
    return posix_spawn_file_actions_addclosefrom_np(actions, 3);
}

/// The process's own group keeps the terminal's signals away from it; what our threads block it must not block.
static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (code == 0) code = posix_spawnattr_setsigdefault(attributes, &all);
    if (code == 0) code = posix_spawnattr_setpgroup(attributes, 0);
    if (code != 0) return code;
    return posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

int cprocess_spawn(
    const char *path, char *const arguments[], char *const environment[], const int descriptors[3], pid_t *process) {
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    posix_spawnattr_t attributes;
    code = posix_spawnattr_init(&attributes);
    if (code == 0) {
        code = set_descriptors(&actions, descriptors);
        if (code == 0) code = set_attributes(&attributes);
        if (code == 0) code = posix_spawn(process, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}
