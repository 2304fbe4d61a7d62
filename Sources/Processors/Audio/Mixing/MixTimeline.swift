// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The samples of several inputs on one timeline, on their way to being added up.
///
/// Knows no clock. Holds of each input what lies within `wait` of the one that is furthest.
struct MixTimeline {
    /// A stretch of the sum.
    struct Block {
        /// Position of the first sample.
        var position: Int
        /// The sum, clipped to full scale.
        var samples: [Int16]
        /// The frame that the stretch answers for: one of a reply, if any input's was.
        var header: FrameHeader?
    }

    private struct Input {
        /// Samples from the timeline's position on.
        var samples: [Int16] = []
        var header: FrameHeader?
        /// Whether the sum has gone on without it.
        var isLagging = false
    }

    /// Media time that rounds to the next sample but one is still contiguous.
    private static let rounding = 1

    private let block: Int
    private let wait: Int
    /// Position of the first sample that is held; `nil` before the first.
    private var position: Int?
    private var inputs: [Input]

    /// An empty timeline.
    ///
    /// - Parameters:
    ///   - inputs: Inputs that are waited for; others are added when they come.
    ///   - block: Samples that leave at a time.
    ///   - wait: Samples that are held back for an input that lags.
    init(inputs: Int, block: Int, wait: Int) {
        self.inputs = Array(repeating: Input(), count: inputs)
        self.block = block
        self.wait = wait
    }

    /// Whether samples at `start` are too far from what is held, more than 50 blocks, to share a timeline with it.
    func needsRestart(at start: Int) -> Bool { abs(start - (position ?? start)) > 50 * block }

    /// Adds samples of an input.
    ///
    /// - Returns: Whether all of them were in time.
    mutating func add(
        _ samples: UnsafeBufferPointer<Int16>, at start: Int, input number: Int, header: FrameHeader
    ) -> Bool {
        let position = self.position ?? start
        self.position = position
        while inputs.count <= number { inputs.append(Input()) }
        let lead = start - position - inputs[number].samples.count
        if lead > Self.rounding { inputs[number].samples += [Int16](repeating: 0, count: lead) }
        let late = lead < -Self.rounding ? min(-lead, samples.count) : 0
        inputs[number].samples += samples.dropFirst(late)
        inputs[number].header = header
        inputs[number].isLagging = inputs[number].samples.isEmpty
        return late == 0
    }

    /// Takes the next stretch of the sum: a whole block for which every input has come far enough, or all that is left.
    mutating func take(all: Bool) -> Block? {
        guard let position else { return nil }
        let furthest = inputs.map(\.samples.count).max() ?? 0
        let nearest = inputs.filter { !$0.isLagging }.map(\.samples.count).min() ?? furthest
        let ready = all ? furthest : max(nearest, furthest - wait)
        let count = all ? min(block, ready) : block
        guard count > 0, count <= ready else {
            if all { self = MixTimeline(inputs: inputs.count, block: block, wait: wait) }
            return nil
        }
        self.position = position + count
        return take(count, at: position)
    }

    /// Forgets the inputs whose frames belong to a reply that is over.
    mutating func forget(_ isStale: (FrameHeader) -> Bool) {
        for index in inputs.indices where inputs[index].header.map(isStale) == true { inputs[index] = Input() }
    }

    private mutating func take(_ count: Int, at position: Int) -> Block {
        var sum = [Int32](repeating: 0, count: count)
        var header: FrameHeader?
        for number in inputs.indices {
            let held = inputs[number].samples.count
            for (index, sample) in inputs[number].samples.prefix(count).enumerated() { sum[index] += Int32(sample) }
            if held > 0, header?.isReply != true { header = inputs[number].header }
            if held < count { inputs[number].isLagging = true }
            inputs[number].samples.removeFirst(min(count, held))
        }
        return Block(position: position, samples: sum.map { Int16(clamping: $0) }, header: header)
    }
}
