// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#include "csignal_dispatch.h"

static _Thread_local int forced_portable;

int csignal_uses_avx2(void) {
#if defined(__x86_64__)
    if (forced_portable) return 0;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return 0;
#endif
}

void csignal_force_portable(int portable) {
    forced_portable = portable;
}
