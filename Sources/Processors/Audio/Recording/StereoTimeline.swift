// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The last seconds of a stereo recording, before they are written: samples are placed by position, silence is the
/// rest.
///
/// Knows no clock. Holds at most `reach` samples per channel; whatever lies outside is refused.
struct StereoTimeline {
    /// A stretch that is complete.
    struct Block {
        /// Position of the first sample.
        var position: Int
        /// Interleaved samples.
        var samples: [Int16]
        /// Samples per channel.
        var sampleCount: Int { samples.count / 2 }
    }

    private let blockLength: Int
    private let slack: Int
    private var samples: [Int16] = []
    /// Position of the first sample that is held.
    private var start = 0

    /// An empty timeline.
    ///
    /// - Parameters:
    ///   - blockLength: Samples per channel of a block.
    ///   - slack: Samples per channel by which one side may lag behind the other.
    init(blockLength: Int, slack: Int) {
        self.blockLength = blockLength
        self.slack = slack
    }

    /// Position behind the last sample.
    var end: Int { start + samples.count / 2 }

    /// Places samples of a channel; what lies before the written part is left out.
    ///
    /// - Returns: Whether all of them found a place.
    mutating func place(_ source: UnsafeBufferPointer<Int16>, at position: Int, channel: Int) -> Bool {
        let first = max(position, start)
        let last = position + source.count
        guard last > first else { return source.isEmpty }
        if last > end { samples += [Int16](repeating: 0, count: 2 * (last - end)) }
        for index in first..<last { samples[2 * (index - start) + channel] = source[index - position] }
        return first == position
    }

    /// Takes the oldest block, once both sides are past it; at the end whatever is left.
    mutating func take(all: Bool) -> Block? {
        let held = samples.count / 2
        let count = all ? min(held, blockLength) : blockLength
        guard count > 0, all || held >= blockLength + slack else { return nil }
        let block = Block(position: start, samples: Array(samples[..<(2 * count)]))
        samples.removeFirst(2 * count)
        start += count
        return block
    }
}
