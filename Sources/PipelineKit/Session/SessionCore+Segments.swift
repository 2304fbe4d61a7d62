// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension SessionCore {
    func schedulePump(_ index: Int) {
        let node = nodes[index]
        if node.pullsItself {
            node.framesArrived()
        } else if !node.isPaused, !pumps.contains(index) {
            pumps.append(index)
        }
    }

    func setPaused(_ isPaused: Bool, _ slot: SlotPointer) {
        let index = slot.pointee.index
        nodes[index].isPaused = isPaused
        if !isPaused, nodes[index].queue?.isEmpty == false { schedulePump(index) }
    }

    /// Runs a segment on what waits before it, as long as there is room behind it.
    ///
    /// What a frame defers comes before the next frame.
    func pump(_ index: Int) {
        let slot = slots + index
        defer { if !deferred.isEmpty, nodes[index].queue?.isEmpty == false { schedulePump(index) } }
        while deferred.isEmpty, !nodes[index].isPaused, slot.hasRoomBehind, let item = takeFrame(slot) {
            slot.pointee.input = item.input
            if item.frame.header.flags.contains(.endOfInput) { endReached(slot) } else { slot.deliver(item.frame) }
        }
    }

    /// Takes the next frame of a queue that is not stale, and lets those go on who waited for room.
    func takeFrame(_ slot: SlotPointer) -> FrameQueue.Item? {
        slot.pointee.queue?._withUnsafeGuaranteedRef { queue in
            while true {
                let wasBlocking = queue.blocks
                guard let item = queue.popFirst() else { return nil }
                if wasBlocking, !queue.blocks { roomAppeared(before: slot.pointee.index) }
                guard item.frame.header.isStale(in: epoch) else { return item }
                queue.refuseStale()
            }
        }
    }

    func roomAppeared(before index: Int) {
        for feeder in graph.feeders[index] {
            let node = nodes[feeder]
            if node.pullsItself {
                node.roomAppeared()
            } else if node.queue != nil {
                schedulePump(feeder)
            } else if onRoom != nil, !isRoomAnnounced {
                // The transport may answer with frames, for which a processor in hand is not ready.
                isRoomAnnounced = true
                deferred.append(.room)
            }
        }
    }
}
