// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension SessionLimits {
    /// Limits for tests on a real loop, which a busy machine does not reach.
    ///
    /// A test waits for its turn among all the others; the default limits would end its session meanwhile.
    public static var unhurried: SessionLimits {
        var limits = SessionLimits()
        limits.start = .seconds(600)
        limits.idle = .seconds(600)
        limits.drain = .seconds(600)
        limits.cancel = .seconds(120)
        return limits
    }
}
