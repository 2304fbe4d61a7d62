// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// Keeps the latest audio, so that an utterance can begin before the moment at which its speech was noticed.
///
/// Holds as much as the pre-roll and the longest onset last, and not more than a frame beyond.
package struct PreRoll {
    /// The longest time by which a detector's edge is expected to lie behind the speech.
    package static let longestOnset = Duration.seconds(1)

    private let duration: Duration
    private var frames: [Frame] = []

    /// Creates a pre-roll.
    ///
    /// - Parameter duration: Audio wanted from before the speech.
    package init(_ duration: Duration) { self.duration = duration }

    /// Adds the next frame of audio.
    package mutating func append(_ frame: Frame) {
        frames.append(frame)
        let oldest = frame.endTime - duration - Self.longestOnset
        guard let kept = frames.firstIndex(where: { $0.endTime > oldest }), kept > 0 else { return }
        frames.removeFirst(kept)
    }

    /// Takes out the frames for an utterance whose speech begins at `time`, and forgets what is older.
    package mutating func take(speechStart time: MediaTime) -> [Frame] {
        defer { frames.removeAll(keepingCapacity: true) }
        return frames.filter { $0.endTime > time - duration }
    }
}
