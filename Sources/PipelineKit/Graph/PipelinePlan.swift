// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A checked graph, ready to be run by any number of sessions: what a pipeline file becomes.
///
/// Immutable and shared; a session makes its own processors from it.
public struct PipelinePlan: Sendable {
    /// The pipeline's name.
    public var name: String
    /// The nodes; each comes after all of its inputs.
    public internal(set) var nodes: [NodePlan]
    /// Limits of each session.
    public var limits: SessionLimits
    /// Ids of the file's processors that calls of these formats have no use for, in the file's order.
    public internal(set) var leftOut: [String] = []

    /// Nodes without inputs: where frames of the transport enter.
    var sources: [Int] { nodes.indices.filter { nodes[$0].inputs.isEmpty } }
}

/// A plan and what sessions need to know of its graph; made once, shared by all of them.
public struct CompiledPlan: Sendable {
    /// The plan.
    public let plan: PipelinePlan
    let graph: GraphIndex

    /// Prepares a plan for running.
    public init(_ plan: PipelinePlan) {
        self.plan = plan
        graph = GraphIndex(plan, isQueued: plan.nodes.map { $0.queue != nil })
    }
}

/// One node of a plan.
public struct NodePlan: Sendable {
    /// The entry's id.
    public var id: String
    /// The processor's name.
    public var name: String
    /// Where the pipeline file names it.
    public var mark: SourceMark?
    /// Indices of the nodes that feed it, in the order of `after:`.
    public internal(set) var inputs: [Int]
    /// The queue in front of it; `nil` for a processor that is called directly.
    public var queue: QueueSettings?
    /// What happens when it fails.
    public var onError: ErrorPolicy
    /// The formats of the audio that reaches it, as far as the pipeline file was checked for them.
    public internal(set) var audio: [AudioFormat] = []
    /// Makes the processor, and then its alternatives for `failover`.
    var makers: [NodeMaker]
    /// Time within which something must come of a reply frame, or an alternative is given it.
    var answerWithin: Duration?
}

/// Makes a node for one session.
struct NodeMaker: Sendable {
    /// The processor's name.
    let name: String
    let make: @Sendable () throws -> Node

    init<P: Processor>(_ factory: @escaping @Sendable () throws -> P) {
        name = P.name
        make = { try ProcessorNode(factory) }
    }

    init<S: Service>(service factory: @escaping @Sendable () throws -> S) {
        name = S.name
        make = { try ServiceNode(factory) }
    }
}

/// Composes a plan in Swift.
///
/// Nodes come one after the other unless `after` says otherwise.
public struct PipelineBuilder {
    private var plan: PipelinePlan

    /// Begins an empty plan.
    public init(_ name: String = "pipeline", limits: SessionLimits = SessionLimits()) {
        plan = PipelinePlan(name: name, nodes: [], limits: limits)
    }

    /// Adds a processor; it is made anew for each session.
    public mutating func add<P: Processor>(
        _ factory: @autoclosure @escaping @Sendable () throws -> P, id: String? = nil, after: [String]? = nil,
        queue: QueueSettings? = nil, onError: ErrorPolicy = .end, failover: [@Sendable () throws -> P] = []
    ) {
        append(
            name: P.name, id: id, after: after, queue: queue ?? P.queue, onError: onError,
            makers: [NodeMaker(factory)] + failover.map { NodeMaker($0) })
    }

    /// Adds a service; it is made anew for each session.
    public mutating func add<S: Service>(
        _ factory: @autoclosure @escaping @Sendable () throws -> S, id: String? = nil, after: [String]? = nil,
        queue: QueueSettings? = nil, onError: ErrorPolicy = .end, failover: [@Sendable () throws -> S] = [],
        answerWithin: Duration? = nil
    ) {
        append(
            name: S.name, id: id, after: after, queue: queue ?? S.queue, onError: onError,
            makers: [NodeMaker(service: factory)] + failover.map { NodeMaker(service: $0) },
            answerWithin: answerWithin)
    }

    /// Adds a registered processor with the parameters of its template.
    ///
    /// - Throws: ``PipelineError`` when the template cannot be used.
    package mutating func add(
        _ descriptor: ProcessorDescriptor, id: String, onError: ErrorPolicy, parameters: String? = nil
    ) throws {
        var diagnostics = Diagnostics()
        let text = parameters ?? descriptor.schema.templateYAML
        let node = text.isEmpty ? nil : YAMLReader().read(text, file: "template", into: &diagnostics)
        guard let configured = descriptor.configure(node, id, SourceMark(file: "template"), &diagnostics) else {
            let problems = diagnostics.all.map { "\($0)" }.joined(separator: "; ")
            throw PipelineError(.bug, "the template of '\(descriptor.name)' cannot be used: \(problems)")
        }
        append(
            name: descriptor.name, id: id, after: nil, queue: descriptor.queue, onError: onError,
            makers: [configured.maker])
    }

    private mutating func append(
        name: String, id: String?, after: [String]?, queue: QueueSettings?, onError: ErrorPolicy, makers: [NodeMaker],
        answerWithin: Duration? = nil
    ) {
        let id = id ?? name
        precondition(!plan.nodes.contains { $0.id == id }, "'\(id)' is there already; give the second one another id")
        let inputs: [Int]
        if let after {
            inputs = after.map { name in
                guard let index = plan.nodes.firstIndex(where: { $0.id == name }) else {
                    preconditionFailure("'\(id)' comes after '\(name)', which is not there; add it first")
                }
                return index
            }
        } else {
            inputs = plan.nodes.isEmpty ? [] : [plan.nodes.count - 1]
        }
        plan.nodes.append(
            NodePlan(
                id: id, name: name, mark: nil, inputs: inputs, queue: queue, onError: onError, makers: makers,
                answerWithin: answerWithin))
    }

    /// The plan.
    public func build() -> CompiledPlan { CompiledPlan(plan) }
}
