// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The caller's mouth on a line that carries sound: 20 ms at a time, silence between the steps.
struct CallerVoice {
    private static let keyInterval = 5

    private var current: SpokenStep?
    private var position = 0
    private var keys: [Character] = []
    private var ticksToKey = 0

    /// Whether something is being said or keyed.
    var isBusy: Bool { current != nil || !keys.isEmpty }

    /// Begins to say something.
    mutating func speak(_ step: SpokenStep) {
        current = step
        position = 0
    }

    /// Begins to press keys, a tenth of a second apart.
    mutating func press(_ keys: [Character]) {
        self.keys = keys
        ticksToKey = 0
    }

    /// What is said and pressed in the next 20 ms; whether speech becomes loud in it, and whether it is the last of it.
    mutating func next() -> (samples: [UInt8], key: Character?, hasBegun: Bool, isLast: Bool) {
        let wasBusy = isBusy
        let key = nextKey()
        guard let step = current else {
            let silence = [UInt8](repeating: PlaybackQueue.silence, count: MediaStreamMachine.tickSamples)
            return (silence, key, false, wasBusy && !isBusy)
        }
        let end = min(position + MediaStreamMachine.tickSamples, step.samples.count)
        var samples = Array(step.samples[position..<end])
        samples += repeatElement(PlaybackQueue.silence, count: MediaStreamMachine.tickSamples - samples.count)
        let onset = step.onset - .samples(position, rate: 8000)
        let hasBegun = onset >= .zero && onset < MediaStreamMachine.tickDuration
        position = end
        if position >= step.samples.count { current = nil }
        return (samples, key, hasBegun, !isBusy)
    }

    private mutating func nextKey() -> Character? {
        guard !keys.isEmpty else { return nil }
        ticksToKey -= 1
        guard ticksToKey < 0 else { return nil }
        ticksToKey = Self.keyInterval
        return keys.removeFirst()
    }
}
