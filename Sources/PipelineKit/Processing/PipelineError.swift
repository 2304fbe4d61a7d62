// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A failure of a running pipeline: where, what, why.
public struct PipelineError: Error, Sendable {
    /// What kind of trouble it is, and so who can do something about it.
    public enum Category: String, Sendable {
        /// The caller, a file or a document sent something that cannot be used.
        case badInput = "bad_input"
        /// A service outside the process failed.
        case provider
        /// More came than can be handled.
        case overload
        /// A processor broke its contract.
        case bug
    }

    /// The kind.
    public var category: Category
    /// What happened, with the value at fault, and what to do.
    public var message: String
    /// The id of the processor in the pipeline.
    public var processor: String
    /// Where the pipeline file names it.
    public var mark: SourceMark?
    /// The turn during which it happened.
    public var turn: TurnID
    /// The error underneath, as text.
    public var cause: String?

    /// Creates an error; the runtime fills in processor, mark and turn.
    public init(_ category: Category, _ message: String, cause: (any Error)? = nil) {
        self.category = category
        self.message = message
        self.processor = ""
        self.mark = nil
        self.turn = TurnID(0)
        self.cause = cause.map { String(describing: $0) }
    }

    /// Wraps whatever a processor threw.
    init(wrapping error: any Error) {
        if let error = error as? PipelineError {
            self = error
        } else {
            self.init(.bug, String(describing: error))
        }
    }
}

extension PipelineError: CustomStringConvertible {
    public var description: String {
        let place = mark.map { "\($0): " } ?? ""
        let name = processor.isEmpty ? "" : "\(processor): "
        let reason = cause.map { " (\($0))" } ?? ""
        return "\(place)\(name)\(message)\(reason) [\(category.rawValue), turn \(turn)]"
    }
}
