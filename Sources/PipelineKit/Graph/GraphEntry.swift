// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// One entry under `processors:`, with its parameters read and its neighbours known.
struct GraphEntry: Sendable {
    var id: String
    /// The processor's name; that of its text form where it has that.
    var name: String
    var mark: SourceMark
    var descriptor: ProcessorDescriptor
    /// Whether the processor is registered; what one that is not gives is not known.
    var isKnown = true
    /// Whether inputs are missing because of an error that has been reported.
    var hasUnknownInputs = false
    var configured: ConfiguredProcessor
    /// Alternatives for `on_error: failover`.
    var alternatives: [ConfiguredProcessor] = []
    /// Ids of the entries that feed it.
    var inputs: [String]
    var queue: QueueSettings?
    var onError: ErrorPolicy
    /// See ``NodePlan/answerWithin``.
    var answerWithin: Duration?
}
