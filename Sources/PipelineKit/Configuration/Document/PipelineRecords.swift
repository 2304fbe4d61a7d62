// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// `records:` of a pipeline file: what remains of calls, where, and for how long.
public struct PipelineRecords: ParameterGroup, Equatable {
    /// Which calls leave a record.
    public enum Scope: String, ParameterChoice {
        case served, all, none

        public var summary: String {
            switch self {
            case .served: "calls that come over the network; a run with a recording as the caller leaves no trace"
            case .all: "every call, also one whose caller is a recording"
            case .none: "no call"
            }
        }
    }

    /// Where records are kept.
    public enum Store: String, ParameterChoice {
        case sqlite, memory

        public var summary: String {
            switch self {
            case .sqlite: "in a file, which several processes may share and which survives them"
            case .memory: "the last 1000 calls, in the process; gone when it ends"
            }
        }
    }

    /// Which digits are made unreadable before anything is written.
    public enum Redaction: String, ParameterChoice {
        case nothing
        case longNumbers = "long_numbers"
        case digits

        public var summary: String {
            switch self {
            case .nothing: "what was said is written as it was heard"
            case .longNumbers: "numbers of four digits or more, also spelt out in English, become '#'"
            case .digits: "every digit becomes '#', also in prices and times, and spelt out in English"
            }
        }
    }

    /// Which calls leave a record.
    public var calls = Scope.served
    /// Where records are kept.
    public var store = Store.sqlite
    /// The file; `nil` for `calls.sqlite` beside the recordings, or else beside the pipeline file.
    public var path: FileReference?
    /// How long the record of a call is kept after its end.
    public var keep = Duration.seconds(30 * 86_400)
    /// Whether what was said is written.
    public var transcripts = true
    /// Which digits are made unreadable.
    public var redact = Redaction.nothing
    /// Texts that are never written, beside the secrets of the pipeline itself.
    public var secrets: [Secret<String>] = []
    /// Most entries that wait to be written.
    public var capacity = 10_000

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional("calls", \.calls, "Which calls leave a record."),
        .optional("store", \.store, "Where records are kept."),
        .optional(
            "path", \.path,
            "SQLite file; without it 'calls.sqlite' beside the recordings, or else beside the pipeline file."),
        .optional(
            "keep", \.keep, in: .seconds(60) ... .seconds(36_500 * 86_400),
            "Time after its end after which a call is erased, with its recording."),
        .optional("transcripts", \.transcripts, "Whether what was said is written; numbers and times always are."),
        .optional("redact", \.redact, "Which digits are made unreadable; the numbers of caller and callee stay."),
        .optional(
            "secrets", \.secrets,
            "Texts that are written as '***' wherever they occur; the pipeline's own secrets always are."),
        .optional(
            "capacity", \.capacity, in: 100...1_000_000,
            "Entries that wait to be written at most; while the disk is full later ones are lost and counted."))

    /// Creates the defaults.
    public init() {}
}
