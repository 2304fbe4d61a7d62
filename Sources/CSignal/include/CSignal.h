// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The signal kernels: plain C11, no allocation and no lock while running, AVX2 where the processor has it.

#include "csignal_dispatch.h"
#include "csignal_g711.h"
#include "csignal_level.h"
#include "csignal_resampler.h"
