// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A plan as something that can be drawn.
struct GraphDrawing {
    /// A processor.
    struct Box {
        var id: String
        var name: String
        /// Indices of the boxes that feed it.
        var inputs: [Int]
        var queue: QueueSettings?
        var errorPolicy: String
        /// The formats of the audio that reaches it.
        var formats: [AudioFormat]

        /// Bytes that wait in front of it at the very most.
        var worstCaseBytes: Int { (queue?.limit ?? 0) * Self.frameBytes(formats) }

        /// Bytes of a frame: its header, and 20 ms of audio in the largest format or, without audio, a page of text.
        private static func frameBytes(_ formats: [AudioFormat]) -> Int {
            let audio = formats.map { Duration.milliseconds(20).sampleCount(rate: $0.rateHz) * $0.bytesPerSample }
            return MemoryLayout<Frame>.stride + 48 + (audio.max() ?? 1024)
        }
    }

    let name: String
    let boxes: [Box]
    /// Ids of what these calls have no use for.
    let leftOut: [String]

    /// Takes the boxes from a plan.
    init(_ plan: PipelinePlan) {
        name = plan.name
        leftOut = plan.leftOut
        boxes = plan.nodes.map { node in
            Box(
                id: node.id, name: node.name, inputs: node.inputs, queue: node.queue,
                errorPolicy: Self.name(of: node.onError), formats: node.audio)
        }
    }

    private static func name(of policy: ErrorPolicy) -> String {
        switch policy {
        case .continue: "continue"
        case .restart(let attempts, let period): "restart, \(attempts) in \((period.milliseconds / 1000).fixed(0)) s"
        case .failover: "failover"
        case .end: "end"
        }
    }

    /// A row for each processor.
    var text: String {
        var table = TextTable([
            ("processor", .left), ("after", .left), ("audio in", .left), ("queue", .left), ("at most", .right),
            ("on error", .left),
        ])
        for box in boxes {
            table.add([
                box.id == box.name ? box.id : "\(box.id) (\(box.name))",
                box.inputs.map { boxes[$0].id }.joined(separator: ", "),
                box.formats.map(\.description).joined(separator: ", "), box.queue.map(Self.shown) ?? "",
                box.queue == nil ? "" : Self.kibibytes(box.worstCaseBytes), box.errorPolicy,
            ])
        }
        let total = boxes.reduce(0) { $0 + $1.worstCaseBytes }
        return "\(name): \(boxes.count) processors, at most \(Self.kibibytes(total)) wait in its queues\n\n"
            + table.text
            + (leftOut.isEmpty ? "" : "\nleft out, for calls without audio: \(leftOut.joined(separator: ", "))\n")
    }

    /// The graph in the language of Graphviz.
    var dot: String {
        var text = "digraph \(Self.quoted(name)) {\n    rankdir=TB;\n    node [shape=box, fontname=\"sans-serif\"];\n"
        for (index, box) in boxes.enumerated() {
            text += "    n\(index) [label=\(Self.quoted(box.labels.joined(separator: "\n")))];\n"
            for (number, input) in box.inputs.enumerated() {
                let label = box.inputs.count > 1 ? " [label=\"\(number)\"]" : ""
                text += "    n\(input) -> n\(index)\(label);\n"
            }
        }
        return text + "}\n"
    }

    /// The graph with `pipeline` and `processors`.
    var json: JSONValue {
        [
            "pipeline": .string(name),
            "left_out": .array(leftOut.map { .string($0) }),
            "processors": .array(
                boxes.map { box in
                    [
                        "id": .string(box.id), "name": .string(box.name),
                        "after": .array(box.inputs.map { .string(boxes[$0].id) }),
                        "audio": .array(box.formats.map { .string($0.description) }),
                        "queue": box.queue.map {
                            [
                                "capacity": .integer($0.capacity), "when_full": .string($0.whenFull.rawValue),
                                "limit": .integer($0.limit), "worst_case_bytes": .integer(box.worstCaseBytes),
                            ]
                        } ?? .null,
                        "on_error": .string(box.errorPolicy),
                    ]
                }),
        ]
    }

    private static func shown(_ queue: QueueSettings) -> String {
        "\(queue.capacity) frames, \(queue.whenFull.rawValue)"
    }

    private static func kibibytes(_ bytes: Int) -> String { "\((Double(bytes) / 1024).fixed(0)) KiB" }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).description }
}

extension GraphDrawing.Box {
    /// The lines inside the box.
    var labels: [String] {
        var labels = [id]
        if id != name { labels.append(name) }
        if let queue { labels.append("queue \(queue.capacity), \(queue.whenFull.rawValue)") }
        return labels
    }
}
