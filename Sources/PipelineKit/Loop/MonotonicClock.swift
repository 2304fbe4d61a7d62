// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The machine's monotonic clock, the one that SwiftNIO's deadlines are on.
enum MonotonicClock {
    /// Nanoseconds since an arbitrary start; never steps with the wall clock.
    static var now: MediaTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MediaTime(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}

/// An identity of the calling thread that is never 0.
func currentThread() -> UInt { UInt(pthread_self()) }
