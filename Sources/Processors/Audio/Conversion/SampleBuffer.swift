// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Memory for the samples that a stage works on, reused from frame to frame.
///
/// Grows to the longest request and never shrinks. What was written stays until a longer request.
struct SampleBuffer: ~Copyable {
    private var memory = UnsafeMutableBufferPointer<Int16>(start: nil, count: 0)

    deinit { memory.deallocate() }

    /// Room for `count` samples of any content.
    mutating func room(for count: Int) -> UnsafeMutableBufferPointer<Int16> {
        if memory.count < count {
            memory.deallocate()
            memory = .allocate(capacity: count)
            memory.initialize(repeating: 0)
        }
        return UnsafeMutableBufferPointer(rebasing: memory[..<count])
    }
}
