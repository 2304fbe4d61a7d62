// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit

/// Writes a call's transcript and its turns next to the recording of its sound.
struct RecordFiles {
    /// Directory of the files of pipelines that do not record sound; `nil` to write none then.
    var directory: String?
    /// The path of the recording, with `${session.id}` for the call's id; `nil` for pipelines that do not record sound.
    var recording: FileReference?

    /// Takes the path from the pipeline's `recorder`, if it has one.
    init(_ document: PipelineDocument, directory: String?) {
        self.directory = directory
        recording = document.recordingPath
    }

    /// Where the sound of a call was recorded, if it was.
    func recordingPath(of call: String) -> String? {
        let path = recording.map { Self.path($0.resolved, of: call) }
        return path.flatMap { access($0, F_OK) == 0 ? $0 : nil }
    }

    /// By which file of a call all of them are found again, to be erased with it: the recording or, where there is no sound,
    /// the transcript; from the root.
    func recordPath(of call: String) -> String? {
        if let sound = recordingPath(of: call) { return RecordingFiles.absolute(sound) }
        guard let directory else { return nil }
        // The transcript is not there yet when it is asked for.
        mkdir(directory, 0o755)
        return "\(RecordingFiles.absolute(directory))/\(call)\(RecordingFiles.transcriptSuffix)"
    }

    /// Writes what there is of a call.
    ///
    /// - Returns: The files, `transcript` and `turns`, that could be written.
    func write(_ record: CallRecord, of call: String) -> [(kind: String, path: String)] {
        let base: String
        if let sound = recordingPath(of: call) {
            base = sound.lastIndex(of: ".").map { String(sound[..<$0]) } ?? sound
        } else if let directory {
            mkdir(directory, 0o755)
            base = "\(directory)/\(call)"
        } else {
            return []
        }
        let files = [
            ("transcript", base + RecordingFiles.transcriptSuffix, record.transcript),
            ("turns", base + RecordingFiles.turnsSuffix, record.turnsTable),
        ]
        return files.filter { Self.write($0.2, to: $0.1) }.map { ($0.0, $0.1) }
    }

    private static func path(_ pattern: String, of call: String) -> String {
        let parts = pattern.split(separator: "${session.id}", omittingEmptySubsequences: false)
        return parts.joined(separator: call)
    }

    private static func write(_ text: String, to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        defer { fclose(file) }
        return fputs(text, file) >= 0
    }
}
