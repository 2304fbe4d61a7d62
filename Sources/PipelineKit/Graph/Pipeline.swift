// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A pipeline file that was read and found right: makes the plan of a session for whatever formats a call has.
public final class Pipeline: Sendable {
    /// A transport under its name in the file.
    public struct NamedTransport: Sendable {
        /// The name in the file.
        public let name: String
        /// The transport.
        public let transport: any Transport
    }

    /// The pipeline's name.
    public let name: String
    /// Limits of each session.
    public let limits: SessionLimits
    /// Sessions that may run at a time.
    public let maximumSessions: Int
    /// The transports, in the file's order.
    public let transports: [NamedTransport]
    private let registry: ProcessorRegistry
    private let entries: [GraphEntry]
    private let plans = Mutex<[CallFormats: CompiledPlan]>([:])

    init(
        name: String, limits: SessionLimits, maximumSessions: Int, transports: [NamedTransport],
        registry: ProcessorRegistry, entries: [GraphEntry]
    ) {
        self.name = name
        self.limits = limits
        self.maximumSessions = maximumSessions
        self.transports = transports
        self.registry = registry
        self.entries = entries
    }

    /// The plan for calls of certain formats; made once for each.
    ///
    /// - Throws: ``PipelineProblems`` when the pipeline cannot work with these formats.
    public func plan(for formats: CallFormats) throws -> CompiledPlan {
        if let plan = plans.withLock({ $0[formats] }) { return plan }
        var diagnostics = Diagnostics()
        let plan = compile(formats, into: &diagnostics)
        guard !diagnostics.hasErrors else { throw PipelineProblems(diagnostics: diagnostics) }
        plans.withLock { $0[formats] = plan }
        return plan
    }

    /// Compiles the plan for certain formats and reports what is wrong with it.
    func compile(_ formats: CallFormats, into diagnostics: inout Diagnostics) -> CompiledPlan {
        var validator = PipelineValidator(registry: registry, entries: entries, formats: formats)
        validator.run()
        diagnostics.merge(validator.diagnostics)
        return CompiledPlan(PipelinePlan(name: name, nodes: validator.nodes, limits: limits))
    }
}

/// A pipeline cannot work.
public struct PipelineProblems: Error, CustomStringConvertible {
    /// What is wrong.
    public let diagnostics: Diagnostics

    public var description: String { diagnostics.rendered() }
}
