// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Checks that what each processor needs reaches it, and puts converters where only the audio format differs.
///
/// Every problem is reported, none hides another: after a missing frame type the check goes on as if it were there.
struct PipelineValidator {
    let registry: ProcessorRegistry
    /// Sorted so that each entry comes after its inputs.
    let entries: [GraphEntry]
    let formats: CallFormats
    private(set) var diagnostics = Diagnostics()
    private(set) var nodes: [NodePlan] = []
    private var flows: [FrameFlow] = []
    private var indices: [String: Int] = [:]
    private var endpoints: [Endpoint: GraphEntry] = [:]

    init(registry: ProcessorRegistry, entries: [GraphEntry], formats: CallFormats) {
        self.registry = registry
        self.entries = entries
        self.formats = formats
    }

    /// Builds the nodes of a plan, in order.
    mutating func run() {
        for entry in entries { add(entry) }
    }

    private mutating func add(_ entry: GraphEntry) {
        var inputs = entry.inputs.compactMap { indices[$0] }
        let pads = pads(of: entry)
        checkEndpoint(entry)
        if inputs.isEmpty, !entry.hasUnknownInputs, entry.descriptor.endpoint != .source, needsInput(pads) {
            diagnostics.error(
                "nothing reaches '\(entry.id)'; put it below 'caller', or name its inputs with 'after:'",
                at: entry.mark, path: entry.id)
        }
        for requirement in pads.consumes + pads.reads {
            if requirement.frameType == Audio.frameType {
                inputs = inputs.map { suit($0, entry, requirement) }
            }
            if !entry.inputs.isEmpty, !entry.hasUnknownInputs { check(requirement, of: entry, inputs) }
        }
        let arriving = inputs.reduce(into: FrameFlow()) { $0.merge(flows[$1]) }
        var flow = arriving.after(pads)
        // What takes the processor's place may speak in another format.
        for alternative in entry.alternatives { flow.merge(arriving.after(alternative.pads)) }
        if entry.descriptor.endpoint == .source { flow = sourceFlow() }
        flow.isOpen = flow.isOpen || !entry.isKnown || entry.hasUnknownInputs
        append(
            NodePlan(
                id: entry.id, name: entry.name, mark: entry.mark, inputs: inputs, queue: entry.queue,
                onError: entry.onError, makers: [entry.configured.maker] + entry.alternatives.map(\.maker),
                answerWithin: entry.answerWithin),
            flow)
    }

    private mutating func append(_ node: NodePlan, _ flow: FrameFlow) {
        var node = node
        node.audio = Set(node.inputs.flatMap { flows[$0].formats }).sorted { $0.description < $1.description }
        indices[node.id] = nodes.count
        nodes.append(node)
        flows.append(flow)
    }

    /// A processor that asks for frames, or that makes none of its own, is useless without input.
    private func needsInput(_ pads: Pads) -> Bool {
        pads.produces.isEmpty || (pads.consumes + pads.reads).contains(where: \.isRequired)
    }

    /// A call has one source and one sink.
    private mutating func checkEndpoint(_ entry: GraphEntry) {
        guard let endpoint = entry.descriptor.endpoint else { return }
        if let first = endpoints[endpoint] {
            let fact = "'\(first.id)' at line \(first.mark.line) is the call's \(endpoint) already"
            diagnostics.error("\(fact); remove one of the two", at: entry.mark, path: entry.id)
        } else {
            endpoints[endpoint] = entry
        }
    }

    /// The transport's formats are part of the pads of the processors that meet it.
    private func pads(of entry: GraphEntry) -> Pads {
        guard entry.descriptor.endpoint == .sink, let format = formats.output else { return entry.configured.pads }
        var pads = entry.configured.pads
        pads.reads.append(.audio(.exactly(format)))
        return pads
    }

    private func sourceFlow() -> FrameFlow {
        var flow = FrameFlow(types: [DTMF.frameType])
        if let format = formats.input {
            flow.types.insert(Audio.frameType)
            flow.formats = [format]
        } else {
            flow.types.insert(Transcript.frameType)
        }
        return flow
    }

    private mutating func check(_ requirement: FrameRequirement, of entry: GraphEntry, _ inputs: [Int]) {
        let isMet = inputs.contains { flows[$0].isOpen || flows[$0].types.contains(requirement.frameType) }
        guard requirement.isRequired, !isMet else { return }
        let makers = registry.producers(of: requirement.frameType)
        let remedy = makers.isEmpty ? "" : "; put one of these before it: \(makers.joined(separator: ", "))"
        diagnostics.error(
            "needs '\(requirement.frameType)' frames, and nothing before it makes any\(remedy)", at: entry.mark,
            path: entry.id)
    }

    /// The node that feeds an entry audio that it understands: the given one, or a converter behind it.
    private mutating func suit(_ input: Int, _ entry: GraphEntry, _ requirement: FrameRequirement) -> Int {
        guard let constraint = requirement.audio,
            let unsuited = flows[input].formats.sorted(by: { $0.rateHz < $1.rateHz }).first(where: {
                !constraint.accepts($0)
            })
        else { return input }
        let target = constraint.nearest(to: unsuited)
        guard let converter = registry.makeConverter?(target) else {
            diagnostics.error(
                "takes \(target), and '\(nodes[input].id)' gives \(unsuited); no converter is registered",
                at: entry.mark, path: entry.id)
            return input
        }
        let id = "\(converter.name):\(nodes[input].id)>\(entry.id)"
        append(
            NodePlan(
                id: id, name: converter.name, mark: entry.mark, inputs: [input], queue: nil, onError: .end,
                makers: [converter.maker]),
            flows[input].converted(to: target))
        return nodes.count - 1
    }
}
