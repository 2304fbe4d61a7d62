// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension RulesAgent {
    /// What the agent says, and what follows from it.
    package struct Reply: Sendable, Hashable {
        /// The text; one or several sentences.
        package var text: String
        /// The intent that is being answered; `nil` when nothing was understood or asked.
        package var intent: String?
        /// The slots that are known of it, by name: `day` is `friday`, `time` is `15:30`.
        package var slots: [String: String] = [:]
        /// Whether the caller can break in.
        package var isInterruptible = true
        /// Whether the call ends once the reply has been heard.
        package var endsCall = false
    }
}
