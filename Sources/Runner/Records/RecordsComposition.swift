// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CallRecords
import Glibc
import PipelineKit
import Transports

extension RunnerContext {
    /// The writer of a pipeline's call records; `nil` when its calls leave none.
    ///
    /// - Parameter transports: Where calls come from: a recording that takes the caller's place is no call that is served.
    func makeRecordsWriter(
        _ pipeline: Pipeline, transports: [any Transport], files: RecordFiles
    ) -> CallRecordsWriter? {
        let document = pipeline.document
        let isServed = transports.contains { $0 is any ServedTransport }
        guard document.records.calls == .all || (document.records.calls == .served && isServed) else { return nil }
        // The writer counts what it does: whoever takes up the counters must be there before it.
        _ = ProcessMetrics.store
        var settings = RecordsSettings(
            document.records, pipeline: document.name,
            redactor: Redactor(secrets: document.secrets(registry), digits: document.records.redact))
        settings.recording = { files.recordPath(of: $0) }
        settings.removeRecording = RecordingFiles.remove
        settings.log = { [output] in output.note("warning: \($0)") }
        let path = document.recordsPath
        let memory = document.records.store == .memory ? MemoryCallStore() : nil
        return CallRecordsWriter(settings) { () throws(CallStoreError) in
            if let memory { return memory }
            return try SQLiteCallStore(path: path)
        }
    }
}

/// The recording of a call and what is written beside it.
enum RecordingFiles {
    /// What the name of a transcript ends in.
    static let transcriptSuffix = ".transcript.txt"
    /// What the name of a call's turns ends in.
    static let turnsSuffix = ".turns.txt"

    /// The path from the root, so that the file is found from any directory.
    static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Removes a recording with its transcript and its turns, or these where they are alone; what is gone already is as it
    /// should be.
    ///
    /// - Parameter path: The recording, or the transcript.
    /// - Throws: ``CallStoreError`` when one of them cannot be removed.
    static func remove(_ path: String) throws {
        let isTranscript = path.hasSuffix(transcriptSuffix)
        let base =
            isTranscript ? path.dropLast(transcriptSuffix.count) : path[..<(path.lastIndex(of: ".") ?? path.endIndex)]
        for path in [base + turnsSuffix, base + transcriptSuffix] + (isTranscript ? [] : [path[...]]) {
            guard unlink(String(path)) != 0, errno != ENOENT, errno != ENOTDIR else { continue }
            throw CallStoreError(.unavailable, "\(path): cannot be removed: \(String(cString: strerror(errno)))")
        }
    }
}
