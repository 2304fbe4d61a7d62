// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What a writer of call records needs to know.
public struct RecordsSettings: Sendable {
    /// The pipeline that serves the calls.
    public var pipeline: String
    /// How long a call is kept after its end.
    public var keep: Duration
    /// Whether what was said is written.
    public var transcripts: Bool
    /// Entries that may wait.
    public var capacity: Int
    /// Hides what nobody shall read.
    public var redactor: Redactor
    /// Where the sound of a call was recorded or, without sound, its transcript written, by the call's id; asked when the
    /// call is over.
    public var recording: @Sendable (String) -> String? = { _ in nil }
    /// Removes a recording whose call is erased.
    public var removeRecording: @Sendable (String) throws -> Void = { _ in }
    /// Tells the operator what is wrong.
    public var log: @Sendable (String) -> Void = { _ in }
    /// The machine's time.
    public var now: @Sendable () -> WallTime = { .now() }

    /// Takes what the pipeline file says.
    public init(_ records: PipelineRecords = PipelineRecords(), pipeline: String, redactor: Redactor? = nil) {
        self.pipeline = pipeline
        keep = records.keep
        transcripts = records.transcripts
        capacity = records.capacity
        self.redactor = redactor ?? Redactor(secrets: records.secrets.map(\.value), digits: records.redact)
    }
}

/// What a writer has done so far.
public struct RecordsFigures: Sendable, Equatable {
    /// Entries that were written.
    public var written: Int
    /// Entries that were lost.
    public var lost: Int
    /// Entries that wait.
    public var waiting: Int
    /// Attempts to open or to write that failed.
    public var failures: Int
}
