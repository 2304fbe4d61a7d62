// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Cuts blocks of any length into windows of one length, and holds what is left for the next block.
struct SampleWindow {
    private var held: [Int16] = []

    /// Calls `body` with the next whole window of what is held and `block` from `position` on, and moves `position`
    /// behind it.
    ///
    /// - Returns: What `body` answers; `nil` when the rest of the block does not fill a window and was put aside.
    mutating func next<Result>(
        _ length: Int, of block: UnsafeBufferPointer<Int16>, from position: inout Int,
        _ body: (UnsafeBufferPointer<Int16>) -> Result
    ) -> Result? {
        let taken = min(length - held.count, block.count - position)
        let part = UnsafeBufferPointer(rebasing: block[position..<position + taken])
        position += taken
        // Most blocks are whole windows, which need no copy.
        if taken == length { return body(part) }
        if held.isEmpty { held.reserveCapacity(length) }
        held.append(contentsOf: part)
        guard held.count == length else { return nil }
        defer { held.removeAll(keepingCapacity: true) }
        return held.withUnsafeBufferPointer(body)
    }

    /// Forgets what is held.
    mutating func removeAll() { held.removeAll(keepingCapacity: true) }
}
