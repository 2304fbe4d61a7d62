// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import Transports

/// The metrics of this process: the runner's own, and those of every library that uses swift-metrics.
enum ProcessMetrics {
    /// Where they are kept; swift-metrics takes one store in a process's life.
    static let store: MetricsStore = {
        let store = MetricsStore()
        MetricsSystem.bootstrap(store)
        return store
    }()
}
