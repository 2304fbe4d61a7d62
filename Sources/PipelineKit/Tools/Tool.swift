// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A function that the model may call.
///
/// Made once when a pipeline is loaded, and shared by all its sessions: what belongs to one call is in the invocation.
/// Registered with `registry.add(WeatherTool.self)`, and named under `use:` of `tools` in a pipeline file.
public protocol Tool: Sendable, SendableMetatype {
    /// The parameters that the pipeline file may set; declared once.
    associatedtype Parameters: ProcessorParameters = NoParameters

    /// The name in pipeline files; snake_case.
    static var name: String { get }
    /// What the tool does, in one sentence.
    static var summary: String { get }

    /// Creates the tool of a pipeline.
    init(_ parameters: Parameters) throws

    /// How it is described to the model.
    var definition: ToolDefinition { get }
    /// What may be done with its calls.
    var policy: ToolPolicy { get }

    /// Does what it is asked for, on the session's loop: must not block.
    ///
    /// The arguments have been checked against the definition. Cancelled at its deadline, and as its policy says.
    ///
    /// - Returns: What the model is told: text, usually JSON.
    /// - Throws: What the model is told instead, as text; never a secret.
    nonisolated(nonsending) func run(_ invocation: ToolInvocation, _ output: ServiceOutput) async throws -> String
}

extension Tool {
    public var policy: ToolPolicy { ToolPolicy() }
}

/// Brings tools that are known only when a session begins, such as those of a server.
public protocol ToolSource: Sendable, SendableMetatype {
    /// The parameters that the pipeline file may set; declared once.
    associatedtype Parameters: ProcessorParameters = NoParameters

    /// The name in pipeline files; snake_case.
    static var name: String { get }
    /// Where the tools come from, in one sentence.
    static var summary: String { get }

    /// Creates the source of a pipeline.
    init(_ parameters: Parameters) throws

    /// The tools at the beginning of a session.
    nonisolated(nonsending) func tools(_ output: ServiceOutput) async throws -> [any Tool]
}

/// A call that is to be run.
public struct ToolInvocation: Sendable, Equatable {
    /// The call as the model made it.
    public var call: ToolCall
    /// Its arguments: an object that fits the tool's definition.
    public var arguments: JSONValue
    /// The turn that it belongs to.
    public var turn: TurnID
    /// The same for calls that mean the same, in this session and turn; different for all others.
    public var idempotencyKey: String

    /// Creates an invocation.
    public init(call: ToolCall, arguments: JSONValue, turn: TurnID, idempotencyKey: String) {
        self.call = call
        self.arguments = arguments
        self.turn = turn
        self.idempotencyKey = idempotencyKey
    }
}

/// What may be done with the calls of a tool.
public struct ToolPolicy: Sendable, Equatable {
    /// Whether a tool changes anything.
    public enum Effect: String, ParameterChoice {
        case read, write

        public var summary: String {
            switch self {
            case .read: "looks something up; may be run again"
            case .write: "changes something; begins only while its turn is current, and is never run twice"
            }
        }
    }

    /// What becomes of a call whose turn is interrupted.
    public enum OnInterruption: String, ParameterChoice {
        case keep, cancel

        public var summary: String {
            switch self {
            case .keep: "goes on; the model is told the result at the next turn"
            case .cancel: "is cancelled"
            }
        }
    }

    /// Whether it changes anything.
    public var effect: Effect
    /// What becomes of a call whose turn is interrupted; one that writes and has begun is finished anyway.
    public var onInterruption: OnInterruption
    /// Time that a call may take; `nil` for what `tools` says.
    public var deadline: Duration?

    /// Creates a policy.
    public init(effect: Effect = .read, onInterruption: OnInterruption = .keep, deadline: Duration? = nil) {
        self.effect = effect
        self.onInterruption = onInterruption
        self.deadline = deadline
    }
}

/// A service that runs the tools which its entry in a pipeline file names.
public protocol ToolRunning: Service {
    /// The key under which tools are named.
    static var entriesKey: String { get }
    /// The tools that are named.
    static func entries(_ parameters: Parameters) -> [ToolEntry]
    /// Creates a service for one session.
    init(_ parameters: Parameters, tools: [ConfiguredTool]) throws
}
