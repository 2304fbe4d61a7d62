// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A pipeline file as its author wrote it: includes merged, variables substituted, names and parameters not yet looked up.
public struct PipelineDocument: Sendable {
    /// The file, as the user gave it.
    public var file: String
    /// The pipeline's name.
    public var name: String
    /// The transports by which calls come.
    public var transports: [NamedNode]
    /// What sessions may cost.
    public var limits: PipelineLimits
    /// The processors in the order of the file.
    public var entries: [PipelineEntry]
    /// The plug-ins that provide further processors.
    public var plugins: [NamedNode]
    /// The tests that the pipeline carries, for the test command.
    public var tests: [YAMLNode]
    /// What remains of calls.
    public var records: PipelineRecords
    /// Who may reach the process.
    public var server: PipelineServer

    /// The entry with an id.
    public func entry(_ id: String) -> PipelineEntry? { entries.first { $0.id == id } }
}

/// A name and what is set for it: a transport, a plug-in, or an alternative for `failover`.
public struct NamedNode: Sendable {
    /// The name.
    public var name: String
    /// Where the name stands.
    public var mark: SourceMark
    /// The parameters; `nil` if there are none.
    public var parameters: YAMLNode?

    /// Creates a node.
    public init(name: String, mark: SourceMark, parameters: YAMLNode?) {
        self.name = name
        self.mark = mark
        self.parameters = parameters
    }
}

/// One entry of `processors:`.
public struct PipelineEntry: Sendable {
    /// A reference to another entry.
    public struct Reference: Sendable {
        /// The id of the other entry.
        public var id: String
        /// Where it is named; the entry itself if it is the default.
        public var mark: SourceMark
    }

    /// The processor's name.
    public var name: String
    /// Where the name stands.
    public var mark: SourceMark
    /// The entry's id: that of the file, or else the processor's name.
    public var id: String
    /// Where the id stands.
    public var idMark: SourceMark
    /// The entries that feed this one; without `after:` the entry above.
    ///
    /// All of them exist: references that could not be resolved are left out.
    public var after: [Reference]
    /// Whether references were left out, so that not all inputs are known.
    public var hasUnknownInputs: Bool
    /// What the file says of the queue in front of the processor.
    public var queue: QueueParameters
    /// What happens when the processor fails; `nil` if the file does not say.
    public var onError: ErrorPolicy?
    /// What takes the processor's place, in order, if `onError` is `failover`.
    public var alternatives: [NamedNode]
    /// Time within which something must come of a reply frame, or an alternative is given it; `nil` if the file does not
    /// say.
    public var answerWithin: Duration?
    /// The parameters; `nil` if there are none.
    public var parameters: YAMLNode?
}

extension PipelineDocument {
    /// The entries, each behind all that feed it; otherwise in the order of the file.
    ///
    /// Entries of a cycle, which is reported as an error, come last together with all that they feed.
    public var sortedEntries: [PipelineEntry] {
        var placed: Set<String> = []
        var sorted: [PipelineEntry] = []
        var waiting = entries
        var hasProgress = true
        while hasProgress {
            hasProgress = false
            var remaining: [PipelineEntry] = []
            for entry in waiting {
                if entry.after.allSatisfy({ placed.contains($0.id) }) {
                    placed.insert(entry.id)
                    sorted.append(entry)
                    hasProgress = true
                } else {
                    remaining.append(entry)
                }
            }
            waiting = remaining
        }
        return sorted + waiting
    }
}
