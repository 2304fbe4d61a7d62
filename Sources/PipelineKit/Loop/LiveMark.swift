// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts its owner among the live objects of a loop, in debug builds; nothing at all in release builds.
struct LiveMark {
    #if DEBUG
        private final class Entry {
            let loop: SessionLoop

            init(_ loop: SessionLoop) {
                self.loop = loop
                loop.liveObjects.add(1, ordering: .relaxed)
            }

            deinit { loop.liveObjects.subtract(1, ordering: .relaxed) }
        }

        private let entry: Entry

        init(_ loop: SessionLoop) { entry = Entry(loop) }
    #else
        init(_ loop: SessionLoop) {}
    #endif
}

extension SessionLoop {
    /// Sessions, processors and tasks of services that exist on the loop.
    ///
    /// Counted in debug builds; 0 in release builds.
    package var liveObjectCount: Int { liveObjects.load(ordering: .relaxed) }

    /// Sessions that have not ended.
    package var liveSessionCount: Int { sessionCount.load(ordering: .relaxed) }
}
