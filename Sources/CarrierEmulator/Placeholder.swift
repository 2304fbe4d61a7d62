// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
