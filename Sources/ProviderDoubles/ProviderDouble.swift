// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Providers

/// Answers as a provider would, by a script.
package protocol ProviderDouble: Sendable {}
