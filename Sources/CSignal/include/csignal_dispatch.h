// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Whether the kernels use AVX2 and FMA on this processor; 0 selects the portable ones.
int csignal_uses_avx2(void);

/// On the calling thread, forces the portable kernels (1) or returns to the choice by processor (0).
///
/// For tests that compare the two.
void csignal_force_portable(int portable);
