// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Processors

extension PipelineDocument {
    /// The file of the call records: that of the pipeline file, or else `calls.sqlite` beside the recordings or, where no
    /// sound is recorded, beside the pipeline file.
    var recordsPath: String {
        if let path = records.path { return path.resolved }
        guard let pattern = recordingPath?.resolved else {
            return FileReference("calls.sqlite", in: file).resolved
        }
        // Every call may have a directory of its own: the one above all of them is meant.
        let fixed = pattern.split(separator: "${", omittingEmptySubsequences: false)[0]
        return (fixed.lastIndex(of: "/").map { fixed[...$0] } ?? "") + "calls.sqlite"
    }

    /// The path of the recording of a call, with `${session.id}` for its id; `nil` where no sound is recorded.
    var recordingPath: FileReference? {
        guard let entry = entries.first(where: { $0.name == Recorder.name }) else { return nil }
        // What is wrong with the parameters is reported when the pipeline is loaded.
        var diagnostics = Diagnostics()
        return Recorder.Parameters.decode(
            entry.parameters, path: entry.id, at: entry.mark, into: &diagnostics)?.path
    }
}
