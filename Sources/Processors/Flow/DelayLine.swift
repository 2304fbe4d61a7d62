// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Frames that wait for their time, in order.
///
/// Knows no clock. Holds at most `capacity` frames: one more, and the oldest is due at once.
struct DelayLine {
    private struct Item {
        let frame: Frame
        let due: MediaTime
    }

    private let delay: Duration
    private let capacity: Int
    private var items: [Item] = []

    /// An empty line.
    init(_ delay: Duration, capacity: Int = 1024) {
        self.delay = delay
        self.capacity = capacity
    }

    /// Whether no frame waits.
    var isEmpty: Bool { items.isEmpty }
    /// When the next frame is due.
    var deadline: MediaTime? { items.first?.due }

    /// Adds a frame that came at `now`; answers a frame that has to leave because there are too many.
    mutating func append(_ frame: Frame, now: MediaTime) -> Frame? {
        items.append(Item(frame: frame, due: now + delay))
        return items.count > capacity ? items.removeFirst().frame : nil
    }

    /// Takes out the frames that are due by `now`.
    mutating func popDue(by now: MediaTime) -> [Frame] {
        let count = items.prefix { $0.due <= now }.count
        defer { items.removeFirst(count) }
        return items.prefix(count).map(\.frame)
    }

    /// Takes out all frames.
    mutating func popAll() -> [Frame] {
        defer { items = [] }
        return items.map(\.frame)
    }

    /// Drops frames.
    mutating func removeAll(where isUnwanted: (Frame) -> Bool) { items.removeAll { isUnwanted($0.frame) } }
}
