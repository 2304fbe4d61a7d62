// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension CompiledPlan {
    /// The same plan with an ear behind some of its processors, for tests and inspection.
    ///
    /// - Parameters:
    ///   - ids: The processors to listen to; names that the plan does not have are left out.
    ///   - hear: Is told the processor, the session's time, and every frame that leaves it downstream.
    public func tapped(
        behind ids: Set<String>, hear: @escaping @Sendable (String, MediaTime, Frame) -> Void
    ) -> CompiledPlan {
        var tapped = plan
        tapped.nodes = []
        /// Where frames of each of the plan's nodes come from in the new plan.
        var outlets: [Int] = []
        for node in plan.nodes {
            var moved = node
            moved.inputs = node.inputs.map { outlets[$0] }
            tapped.nodes.append(moved)
            if ids.contains(node.id) { tapped.nodes.append(.tap(behind: node.id, at: tapped.nodes.count - 1, hear)) }
            outlets.append(tapped.nodes.count - 1)
        }
        return CompiledPlan(tapped)
    }
}

extension NodePlan {
    fileprivate static func tap(
        behind id: String, at index: Int, _ hear: @escaping @Sendable (String, MediaTime, Frame) -> Void
    ) -> NodePlan {
        NodePlan(
            id: "tap:\(id)", name: FrameTap.name, mark: nil, inputs: [index], queue: nil, onError: .continue,
            makers: [NodeMaker { FrameTap { hear(id, $0, $1) } }])
    }
}

/// Tells somebody of every frame and passes it on.
struct FrameTap: Processor {
    static let name = "frame_tap"
    static let summary = "Tells somebody of every frame and passes it on."

    private let hear: @Sendable (MediaTime, Frame) -> Void

    init(_ parameters: NoParameters) { hear = { _, _ in } }
    init(_ hear: @escaping @Sendable (MediaTime, Frame) -> Void) { self.hear = hear }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        hear(context.now, frame)
        context.emit(frame)
    }
}
