// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// The tools of a session: filled by whoever runs them, offered by whoever asks the model.
///
/// Shared by the processors of one session and confined to its loop.
package final class ToolBox {
    /// What the model may call.
    package var definitions: [ToolDefinition] = []
    /// Responses with calls that one turn may have; then the model is asked without tools.
    package var maxRounds = 5

    /// Creates an empty box.
    package init() {}

    /// What the model may call in a turn that has had some rounds of calls.
    func offered(after rounds: Int) -> [ToolDefinition] { rounds < maxRounds ? definitions : [] }
}

@available(*, unavailable)
extension ToolBox: Sendable {}
