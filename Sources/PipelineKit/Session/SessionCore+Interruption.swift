// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension SessionCore {
    /// Ends the reply in progress, see ``ProcessorContext/interrupt(_:)``.
    func interrupt(_ reason: String, by slot: SlotPointer) {
        let index = slot.pointee.index
        interrupt(reason, busy: graph.ancestors[index] + [index])
        // What the frame in hand still causes belongs to the new turn.
        slot.pointee.cause.epoch = epoch
    }

    /// Ends the reply in progress on behalf of the transport or the application.
    func interrupt(_ reason: String) { interrupt(reason, busy: depth == 0 ? [] : Array(nodes.indices)) }

    /// - Parameter busy: Nodes that may be at work on the frame in hand: they are told once they have returned, and before
    ///   any other frame is worked on. The others are told at once, so that they are ready for what the new turn brings.
    func interrupt(_ reason: String, busy: [Int]) {
        guard !lifecycle.hasEnded else { return }
        epoch = epoch.next
        let interruption = Interruption(reason: reason, time: now, epoch: epoch)
        pass {
            for (index, node) in nodes.enumerated() {
                removeStaleFrames(before: index)
                node.cancelStaleWork(epoch)
            }
            let position = deferred.firstIndex { if case .interrupted = $0 { false } else { true } }
            if !busy.isEmpty {
                deferred.insert(.interrupted(interruption, nodes: busy), at: position ?? deferred.count)
            }
            tell(interruption, nodes.indices.filter { !busy.contains($0) })
            report(.interruption(interruption))
        }
    }

    private func removeStaleFrames(before index: Int) {
        guard let queue = nodes[index].queue else { return }
        let wasBlocking = queue.blocks
        queue.removeStale(before: epoch)
        if wasBlocking, !queue.blocks { roomAppeared(before: index) }
    }

    func tell(_ interruption: Interruption, _ indices: [Int]) {
        for index in indices { attempt(slots + index) { try nodes[index].interrupted(interruption, $0) } }
    }
}
