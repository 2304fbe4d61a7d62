// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Shows what happens in a run.
protocol RunView {
    /// Shows an event.
    mutating func show(_ event: RunEvent)
    /// Shows what is left of a call that is over: how it ended, and the files that were written.
    mutating func showEnd(
        _ event: RunEvent, _ report: SessionReport, _ record: CallRecord, _ files: [(kind: String, path: String)])
    /// Shows what processors have lost; called now and then.
    mutating func show(_ figures: SessionFigures, of call: String)
}

extension RunView {
    mutating func show(_ figures: SessionFigures, of call: String) {}
}
