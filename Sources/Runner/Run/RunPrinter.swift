// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Shows the events of a run, keeps a record of each call, and writes the record when the call is over.
actor RunPrinter {
    private var view: any RunView
    private let files: RecordFiles
    private var records: [String: CallRecord] = [:]

    /// Creates a printer.
    init(_ view: any RunView, files: RecordFiles) {
        self.view = view
        self.files = files
    }

    /// Shows events until there are no more.
    func print(_ events: RunEvents) async {
        for await event in events.stream { show(event) }
    }

    /// Shows what processors have lost, and what time it is.
    func show(_ figures: [String: SessionFigures]) {
        for (call, figures) in figures.sorted(by: { $0.key < $1.key }) where records[call] != nil {
            view.show(figures, of: call)
        }
    }

    private func show(_ event: RunEvent) {
        records[event.call, default: CallRecord()].add(event)
        guard case .ended(let report) = event.event else { return view.show(event) }
        let record = records.removeValue(forKey: event.call) ?? CallRecord()
        var written = files.write(record, of: event.call)
        if let sound = files.recordingPath(of: event.call) { written.insert(("recording", sound), at: 0) }
        view.showEnd(event, report, record, written)
    }
}
