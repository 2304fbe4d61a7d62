// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule

/// The bounded queue in front of a service or of a segment of processors.
///
/// Touched by its session's loop alone.
final class FrameQueue {
    /// What became of a frame that was offered.
    enum Outcome: Equatable {
        case accepted
        /// This frame or an older one was dropped.
        case dropped
        /// The queue is at its hard limit: somebody floods it. Told of the refusals 1, 2, 4, 8 and so on.
        case flooded
    }

    /// A waiting frame, since when it waits, and the input by which it came.
    struct Item {
        let frame: Frame
        let since: MediaTime
        let input: Int
    }

    let settings: QueueSettings
    @exclusivity(unchecked) private var items = Deque<Item>()
    /// Frames that the policy dropped.
    @exclusivity(unchecked) private(set) var dropped = 0
    /// Reply frames that were refused or removed because their turn was over.
    @exclusivity(unchecked) private(set) var stale = 0
    /// Frames refused at the hard limit.
    @exclusivity(unchecked) private(set) var flooded = 0
    /// The most frames that ever waited.
    @exclusivity(unchecked) private(set) var peak = 0

    init(_ settings: QueueSettings) { self.settings = settings }

    var count: Int { items.count }
    var isEmpty: Bool { items.isEmpty }
    /// Whether whoever feeds the queue must stop.
    var blocks: Bool { settings.whenFull == .block && items.count >= settings.capacity }
    /// When the frame at the head came in.
    var oldest: MediaTime? { items.first?.since }

    func append(_ item: Item) -> Outcome {
        var outcome = Outcome.accepted
        if item.frame.header.flags.contains(.droppable) {
            switch settings.whenFull {
            case .block: break
            case .dropNewest where items.count >= settings.capacity:
                dropped += 1
                return .dropped
            case .dropOldest where items.count >= settings.capacity:
                if dropOldest() { outcome = .dropped }
            case .keepLatest:
                while dropOldest() { outcome = .dropped }
            case .dropNewest, .dropOldest: break
            }
        }
        guard items.count < settings.limit || item.frame.header.flags.contains(.endOfInput) else {
            flooded += 1
            return flooded.nonzeroBitCount == 1 ? .flooded : .dropped
        }
        items.append(item)
        if !item.frame.header.flags.contains(.endOfInput) { peak = max(peak, items.count) }
        return outcome
    }

    /// Puts frames back that were taken, before all others.
    func putBack(_ returned: [Item]) {
        for item in returned.reversed() { items.prepend(item) }
    }

    private func dropOldest() -> Bool {
        guard let index = items.firstIndex(where: { $0.frame.header.flags.contains(.droppable) }) else { return false }
        items.remove(at: index)
        dropped += 1
        return true
    }

    func popFirst() -> Item? { items.popFirst() }

    /// Counts a reply frame that was refused at the door.
    func refuseStale() { stale += 1 }

    /// Removes the reply frames of earlier epochs; everything else keeps its place.
    func removeStale(before epoch: TurnEpoch) {
        let count = items.count
        guard count > 0 else { return }
        items.removeAll { $0.frame.header.isStale(in: epoch) }
        stale += count - items.count
    }

    /// Removes everything.
    func removeAll() { items.removeAll(keepingCapacity: false) }
}
