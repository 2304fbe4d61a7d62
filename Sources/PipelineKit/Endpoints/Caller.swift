// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The transport's source: where the caller's frames enter the graph.
public struct Caller: Processor {
    public static let name = "caller"
    public static let summary = "The caller's side of the call: the transport's audio and events enter here."
    public static let endpoint: Endpoint? = .source

    /// Creates the source of a session.
    public init(_ parameters: NoParameters) {}

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        context.emit(frame)
    }
}

/// Where a pipeline meets its transport.
public enum Endpoint: Sendable {
    /// The transport's frames come out of this processor, in the transport's format.
    case source
    /// What reaches this processor is sent to the far end, in the transport's format.
    case sink
}
