// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The time of lines that carry text: real, or faster by a factor.
///
/// Lines that carry sound always run in real time, because the agent at their other end does.
public struct CarrierClock: Sendable {
    /// How many seconds of line time pass in a second.
    public let speed: Double
    private let start = ContinuousClock.now

    /// Creates a clock that shows zero.
    public init(speed: Double = 1) { self.speed = max(0.01, speed) }

    /// Time since the clock was made.
    var now: Duration { (ContinuousClock.now - start) * speed }

    /// Waits until the clock shows a time.
    ///
    /// - Throws: `CancellationError`.
    func sleep(until time: Duration) async throws {
        try Task.checkCancellation()
        guard time > now else { return }
        try await Task.sleep(until: start + time / speed, tolerance: .zero, clock: .continuous)
    }
}
