// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A processor, a transport or a section of pipeline files as documentation shows it.
struct Description {
    let name: String
    let kind: String
    private let summary: String
    private let frames: [(verb: String, types: [String])]
    private let queue: QueueSettings?
    private let schema: AnyParameterSchema

    /// Describes a processor.
    init(_ processor: ProcessorDescriptor) {
        name = processor.name
        kind = processor.kind
        summary = processor.summary
        queue = processor.queue
        schema = processor.schema
        let pads = processor.templatePads
        frames = [
            ("consumes", pads.consumes.map(\.shown)), ("reads", pads.reads.map(\.shown)),
            ("produces", pads.produces.map(\.shown)),
        ].filter { !$0.1.isEmpty }
    }

    /// Describes a transport.
    init(_ transport: TransportDescriptor) {
        name = transport.name
        kind = "transport"
        summary = transport.summary
        queue = nil
        schema = transport.schema
        frames = []
    }

    /// Describes a section.
    init(_ section: PipelineSection) {
        name = section.name
        kind = "section"
        summary = section.summary
        queue = nil
        schema = section.schema
        frames = []
    }

    /// The description for terminals.
    func text(_ output: Output) -> String {
        var lines = ["\(output.styled(name, .bold))  \(kind)", "    \(summary)"]
        lines += frames.map { "    \($0.verb) \($0.types.joined(separator: ", "))" }
        if let queue { lines.append("    queue: \(queue.capacity) frames, \(queue.whenFull.rawValue)") }
        if !schema.descriptions.isEmpty { lines.append("") }
        lines += schema.descriptions.map { $0.text(indentedBy: 4) }
        return (lines + ["", "    In a pipeline file:", ""] + example.map { "    \($0)" }).joined(separator: "\n")
            + "\n"
    }

    /// The description for a reference page.
    var markdown: String {
        var text = "## \(name)\n\n\(summary) *(\(kind))*\n\n"
        for frame in frames { text += "- \(frame.verb) \(frame.types.joined(separator: ", "))\n" }
        if let queue { text += "- queue: \(queue.capacity) frames, `\(queue.whenFull.rawValue)`\n" }
        if !frames.isEmpty || queue != nil { text += "\n" }
        if !schema.descriptions.isEmpty { text += "| Parameter | Value | Meaning |\n|---|---|---|\n" }
        text += Self.rows(schema.descriptions)
        if !schema.descriptions.isEmpty { text += "\n" }
        return text + "```yaml\n\(example.joined(separator: "\n"))\n```\n"
    }

    /// A row for each parameter, and for those inside it.
    private static func rows(_ parameters: [ParameterDescription], inside path: String = "") -> String {
        parameters.map { parameter in
            let key = path + parameter.key
            let choices = parameter.type.choices.map { " `\($0.value)`: \($0.summary)." }.joined()
            return "| `\(key)` | \(parameter.summary) | \(parameter.sentence)\(choices) |\n"
                + rows(parameter.type.members, inside: "\(key).")
        }.joined()
    }

    /// The entry, or the section, with the template's parameters.
    private var example: [String] {
        let lines = schema.templateYAML.split(separator: "\n")
        return [kind == "section" ? "\(name):" : "- \(name):"] + lines.map { "    \($0)" }
    }

    /// The description for machines.
    var json: JSONValue {
        [
            "name": .string(name), "kind": .string(kind), "summary": .string(summary),
            "frames": .object(frames.map { .init($0.verb, .array($0.types.map { .string($0) })) }),
            "queue": queue.map {
                ["capacity": .integer($0.capacity), "when_full": .string($0.whenFull.rawValue)]
            } ?? .null,
            "parameters": schema.json, "template": schema.template,
        ]
    }
}

extension FrameRequirement {
    /// The type, and the formats where they are bound.
    fileprivate var shown: String {
        let name = isRequired ? frameType : "\(frameType) (where there is any)"
        guard let audio, audio != .any else { return name }
        let rates = audio.ratesHz.map { $0.map { "\($0)" }.joined(separator: " or ") + " Hz" }
        let channels = audio.channels.map { $0 == [1] ? "mono" : $0 == [2] ? "stereo" : "mono or stereo" }
        let encodings = audio.encodings.map(\.rawValue).joined(separator: " or ")
        return "\(name): " + [encodings, rates, channels].compactMap(\.self).joined(separator: " ")
    }
}

extension FrameOffer {
    /// The type, and the format where it is known.
    fileprivate var shown: String { audio.map { "\(frameType): \($0)" } ?? frameType }
}
