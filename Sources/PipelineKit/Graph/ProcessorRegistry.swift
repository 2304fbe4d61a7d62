// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The processors and transports that pipeline files may name.
///
/// Plug-ins add theirs and hand the registry on.
public struct ProcessorRegistry: Sendable {
    private var processorsByName: [String: ProcessorDescriptor] = [:]
    private var transportsByName: [String: TransportDescriptor] = [:]
    private var toolsByName: [String: ToolDescriptor] = [:]
    private(set) var makeConverter: (@Sendable (AudioFormat) -> (name: String, maker: NodeMaker))?

    /// Creates a registry of the two processors that every pipeline has: the transport's source and sink.
    public init() {
        add(Caller.self)
        add(Speaker.self)
    }

    /// Adds a processor.
    public mutating func add<P: Processor>(_ type: P.Type) { add(type) { _ in nil } }

    /// Adds a sink that has another form for calls that take text.
    public mutating func add<P: TextCapable>(_ type: P.Type) {
        add(type) { parameters in
            ConfiguredProcessor.TextForm(
                name: P.TextForm.name, pads: P.TextForm.pads(parameters),
                maker: NodeMaker { try P.TextForm(parameters) })
        }
    }

    private mutating func add<P: Processor>(
        _ type: P.Type, textForm: @escaping @Sendable (P.Parameters) -> ConfiguredProcessor.TextForm?
    ) {
        processorsByName[P.name] = ProcessorDescriptor(
            name: P.name, summary: P.summary, isService: false, endpoint: P.endpoint, queue: P.queue,
            schema: P.Parameters.erasedSchema, templatePads: P.pads(.template)
        ) { node, id, mark, _, diagnostics in
            guard let parameters = P.Parameters.decode(node, path: id, at: mark, into: &diagnostics) else { return nil }
            return ConfiguredProcessor(
                pads: P.pads(parameters), maker: NodeMaker { try P(parameters) }, textForm: textForm(parameters))
        }
    }

    /// Adds a service.
    public mutating func add<S: Service>(_ type: S.Type) {
        processorsByName[S.name] = ProcessorDescriptor(
            name: S.name, summary: S.summary, isService: true, endpoint: nil, queue: S.queue,
            schema: S.Parameters.erasedSchema, templatePads: S.pads(.template)
        ) { node, id, mark, _, diagnostics in
            guard let parameters = S.Parameters.decode(node, path: id, at: mark, into: &diagnostics) else { return nil }
            return ConfiguredProcessor(pads: S.pads(parameters), maker: NodeMaker(service: { try S(parameters) }))
        }
    }

    /// Adds a service that runs tools: it is made with those that its entry in a pipeline file names.
    public mutating func add<S: ToolRunning>(_ type: S.Type) {
        processorsByName[S.name] = ProcessorDescriptor(
            name: S.name, summary: S.summary, isService: true, endpoint: nil, queue: S.queue,
            schema: S.Parameters.erasedSchema, templatePads: S.pads(.template)
        ) { node, id, mark, known, diagnostics in
            guard let parameters = S.Parameters.decode(node, path: id, at: mark, into: &diagnostics) else { return nil }
            let entries = S.entries(parameters)
            let tools = entries.enumerated().compactMap { index, entry in
                entry.configured(by: known, path: "\(id).\(S.entriesKey)[\(index)]", into: &diagnostics)
            }
            guard tools.count == entries.count else { return nil }
            return ConfiguredProcessor(
                pads: S.pads(parameters), maker: NodeMaker(service: { try S(parameters, tools: tools) }))
        }
    }

    /// Adds a tool.
    public mutating func add<T: Tool>(_ type: T.Type) { toolsByName[T.name] = ToolDescriptor(T.self) }

    /// Adds a source of tools.
    public mutating func add<S: ToolSource>(_ type: S.Type) { toolsByName[S.name] = ToolDescriptor(S.self) }

    /// Adds a transport.
    public mutating func add<T: Transport>(_ type: T.Type) {
        transportsByName[T.name] = TransportDescriptor(
            name: T.name, summary: T.summary, schema: T.Parameters.erasedSchema
        ) { node, mark, diagnostics in
            guard let parameters = T.Parameters.decode(node, path: T.name, at: mark, into: &diagnostics) else {
                return nil
            }
            do {
                return try T(parameters)
            } catch {
                diagnostics.error(String(describing: error), at: mark, path: T.name)
                return nil
            }
        }
    }

    /// Says which processor changes audio from any format to another; it is inserted where only the format differs.
    public mutating func setConverter<P: Processor>(
        _ type: P.Type, _ make: @escaping @Sendable (AudioFormat) throws -> P
    ) {
        makeConverter = { format in (P.name, NodeMaker { try make(format) }) }
    }

    /// All processors, by name.
    public var processors: [ProcessorDescriptor] {
        processorsByName.values.sorted { $0.name < $1.name }.map { $0.knowing(toolsByName) }
    }
    /// All tools and sources of tools, by name.
    public var tools: [ToolDescriptor] { toolsByName.values.sorted { $0.name < $1.name } }
    /// All transports, by name.
    public var transports: [TransportDescriptor] { transportsByName.values.sorted { $0.name < $1.name } }
    /// The processor of a name.
    public func processor(_ name: String) -> ProcessorDescriptor? { processorsByName[name]?.knowing(toolsByName) }
    /// The transport of a name.
    public func transport(_ name: String) -> TransportDescriptor? { transportsByName[name] }

    /// The names of processors that make frames of a type.
    func producers(of frameType: String) -> [String] {
        processors.filter { $0.templatePads.produces.contains { $0.frameType == frameType } }.map(\.name)
    }
}

/// What is known of a processor without making one.
public struct ProcessorDescriptor: Sendable {
    /// The name in pipeline files.
    public let name: String
    /// What it does.
    public let summary: String
    /// Whether it is a service, with a queue and a task of its own.
    public let isService: Bool
    /// Where it meets the transport, if it does.
    public let endpoint: Endpoint?
    /// The queue in front of it unless the pipeline file says otherwise.
    public let queue: QueueSettings?
    /// Its parameters.
    public let schema: AnyParameterSchema
    /// What one with the template's parameters takes and adds.
    public let templatePads: Pads
    private let make: Make
    /// The tools that its entry may name.
    private var tools: [String: ToolDescriptor] = [:]

    typealias Make =
        @Sendable (
            YAMLNode?, String, SourceMark, [String: ToolDescriptor], inout Diagnostics
        ) -> ConfiguredProcessor?

    init(
        name: String, summary: String, isService: Bool, endpoint: Endpoint?, queue: QueueSettings?,
        schema: AnyParameterSchema, templatePads: Pads, make: @escaping Make
    ) {
        self.name = name
        self.summary = summary
        self.isService = isService
        self.endpoint = endpoint
        self.queue = queue
        self.schema = schema
        self.templatePads = templatePads
        self.make = make
    }

    /// Makes it from its entry in a pipeline file; `nil` when there was a problem.
    func configure(
        _ node: YAMLNode?, _ id: String, _ mark: SourceMark, _ diagnostics: inout Diagnostics
    ) -> ConfiguredProcessor? {
        make(node, id, mark, tools, &diagnostics)
    }

    fileprivate func knowing(_ tools: [String: ToolDescriptor]) -> ProcessorDescriptor {
        var copy = self
        copy.tools = tools
        return copy
    }
}

/// A processor with its parameters, ready to be made for any number of sessions.
struct ConfiguredProcessor: Sendable {
    /// What takes the processor's place in calls that take text.
    struct TextForm: Sendable {
        let name: String
        let pads: Pads
        let maker: NodeMaker
    }

    let pads: Pads
    let maker: NodeMaker
    var textForm: TextForm?
}

/// What is known of a transport without making one.
public struct TransportDescriptor: Sendable {
    /// The name in pipeline files.
    public let name: String
    /// What it does.
    public let summary: String
    /// Its parameters.
    public let schema: AnyParameterSchema
    let make: @Sendable (YAMLNode?, SourceMark, inout Diagnostics) -> (any Transport)?

    /// Makes the transport from its entry in a pipeline file; `nil` when there was a problem.
    public func make(_ node: YAMLNode?, at mark: SourceMark, into diagnostics: inout Diagnostics) -> (any Transport)? {
        make(node, mark, &diagnostics)
    }
}
