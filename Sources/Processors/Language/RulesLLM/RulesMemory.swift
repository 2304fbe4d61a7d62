// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Where the conversations by rules of a session stand, for the session in which the caller is back.
///
/// Confined to the session's loop.
final class RulesMemory: Remembering {
    /// By the path of the rules.
    private(set) var memory: [String: DialogueState] = [:]

    func recall(_ memory: [String: DialogueState]) { self.memory = memory }

    /// Notes where a conversation stands.
    func note(_ state: DialogueState, of rules: FileReference) { memory[rules.resolved] = state }
}

@available(*, unavailable)
extension RulesMemory: Sendable {}
