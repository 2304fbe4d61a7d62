// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Makes plans of pipeline documents: looks up processors and transports, reads their parameters, checks the graph.
public struct PipelineCompiler: Sendable {
    private let registry: ProcessorRegistry

    /// Creates a compiler.
    public init(registry: ProcessorRegistry) {
        self.registry = registry
    }

    /// Makes the plan for calls in certain formats.
    ///
    /// - Returns: `nil` if there was an error; all errors have been reported. The document itself must have been read
    ///   without errors, or the plan lacks what could not be understood.
    public func compile(
        _ document: PipelineDocument, formats: CallFormats, into diagnostics: inout Diagnostics
    ) -> CompiledPlan? {
        var found = Diagnostics()
        let form = TextForm(of: entries(document, &found), formats: formats)
        let plan = plan(document, form, formats, &found)
        diagnostics.merge(found)
        return plan
    }

    /// Makes the part of a plan that makes words of sound.
    ///
    /// - Returns: `nil` if there was an error, or if nothing in the pipeline does.
    func recogniser(
        _ document: PipelineDocument, format: AudioFormat, into diagnostics: inout Diagnostics
    ) -> Recogniser? {
        var found = Diagnostics()
        let formats = CallFormats(input: format, output: nil)
        var form = TextForm(of: entries(document, &found), formats: formats)
        let sources = form.keepOnly(makersOf: Transcript.frameType)
        let plan = plan(document, form, formats, &found)
        diagnostics.merge(found)
        return sources.isEmpty ? nil : plan.map { Recogniser(plan: $0, sources: sources) }
    }

    private func entries(_ document: PipelineDocument, _ diagnostics: inout Diagnostics) -> [GraphEntry] {
        var seen: Set<String> = []
        return document.sortedEntries.map { entry in
            let isOpen = entry.hasUnknownInputs || !entry.after.allSatisfy { seen.contains($0.id) }
            seen.insert(entry.id)
            return graphEntry(entry, hasUnknownInputs: isOpen, &diagnostics)
        }
    }

    private func plan(
        _ document: PipelineDocument, _ form: TextForm, _ formats: CallFormats, _ diagnostics: inout Diagnostics
    ) -> CompiledPlan? {
        var validator = PipelineValidator(registry: registry, entries: form.entries, formats: formats)
        validator.run()
        diagnostics.merge(validator.diagnostics)
        guard !diagnostics.hasErrors else { return nil }
        var plan = PipelinePlan(name: document.name, nodes: validator.nodes, limits: document.limits.session)
        plan.leftOut = form.leftOut
        return CompiledPlan(plan)
    }

    /// Makes the transports that a document names; those with errors are left out.
    public func transports(of document: PipelineDocument, into diagnostics: inout Diagnostics) -> [any Transport] {
        document.transports.compactMap { named in
            guard let descriptor = registry.transport(named.name) else {
                let names = registry.transports.map(\.name)
                let remedy = Suggestion.remedy(for: named.name, among: names, listing: true)
                let message = "no transport is called \(named.name.shown)\(remedy)"
                diagnostics.error(message, at: named.mark, path: named.name)
                return nil
            }
            return descriptor.make(named.parameters, at: named.mark, into: &diagnostics)
        }
    }

    /// Checks a document for all of its transports; without any, for calls of 16 kHz linear audio.
    public func check(_ document: PipelineDocument, into diagnostics: inout Diagnostics) {
        let named = Set(transports(of: document, into: &diagnostics).map(\.nominalFormats))
        let wide = AudioFormat.wideband
        for formats in named.isEmpty ? [CallFormats(input: wide, output: wide)] : named {
            _ = compile(document, formats: formats, into: &diagnostics)
        }
    }

    // MARK: Entries

    private func graphEntry(
        _ entry: PipelineEntry, hasUnknownInputs: Bool, _ diagnostics: inout Diagnostics
    ) -> GraphEntry {
        let descriptor = descriptor(entry.name, at: entry.mark, path: entry.id, &diagnostics)
        let known = descriptor ?? .unknown(entry.name)
        let configured = known.configure(entry.parameters, entry.id, entry.mark, &diagnostics)
        return GraphEntry(
            id: entry.id, name: entry.name, mark: entry.mark, descriptor: known, isKnown: descriptor != nil,
            hasUnknownInputs: hasUnknownInputs,
            configured: configured ?? .unusable(known),
            alternatives: entry.alternatives.compactMap { alternative($0, of: entry, &diagnostics) },
            inputs: entry.after.map(\.id), queue: entry.queue.applied(to: known.queue),
            onError: entry.onError ?? .end, answerWithin: entry.answerWithin)
    }

    private func alternative(
        _ named: NamedNode, of entry: PipelineEntry, _ diagnostics: inout Diagnostics
    ) -> ConfiguredProcessor? {
        let path = "\(entry.id).on_error.\(named.name)"
        let descriptor = descriptor(named.name, at: named.mark, path: path, &diagnostics)
        return descriptor?.configure(named.parameters, path, named.mark, &diagnostics)
    }

    private func descriptor(
        _ name: String, at mark: SourceMark, path: String, _ diagnostics: inout Diagnostics
    ) -> ProcessorDescriptor? {
        if let descriptor = registry.processor(name) { return descriptor }
        let remedy = Suggestion.remedy(for: name, among: registry.processors.map(\.name))
        diagnostics.error("no processor is called \(name.shown)\(remedy)", at: mark, path: path)
        return nil
    }
}

extension ProcessorDescriptor {
    /// Stands for a processor that is not registered, so that the rest of the graph can be checked.
    fileprivate static func unknown(_ name: String) -> ProcessorDescriptor {
        ProcessorDescriptor(
            name: name, summary: "", isService: false, endpoint: nil, queue: nil, schema: NoParameters.erasedSchema,
            templatePads: .passing
        ) { _, _, _, _, _ in nil }
    }
}

extension ConfiguredProcessor {
    /// Stands for a processor whose parameters are wrong, so that the rest of the graph can be checked.
    fileprivate static func unusable(_ descriptor: ProcessorDescriptor) -> ConfiguredProcessor {
        ConfiguredProcessor(
            pads: descriptor.templatePads,
            maker: NodeMaker { () throws -> Caller in throw PipelineError(.bug, "the parameters are wrong") })
    }
}
