// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which double answers what, and what goes wrong meanwhile.
package final class DoubleRoutes: Sendable {
    private struct Route {
        var host: String?
        var path: String
        var double: any ProviderDouble
    }

    private struct State {
        var routes: [Route] = []
        var faults: [DoubleFault] = []
        var lasting = DoubleFault.none
    }

    private let state = Mutex(State())

    /// Creates an empty table.
    package init() {}

    /// Adds a double; the first that fits a request answers it.
    ///
    /// - Parameters:
    ///   - host: Whose requests; of any host if `nil`.
    ///   - path: How the path ends; anything by default. Raw connections have no path.
    package func add(_ double: any ProviderDouble, host: String? = nil, path: String = "") {
        state.withLock { $0.routes.append(Route(host: host, path: path, double: double)) }
    }

    /// Lets faults happen to the next exchanges, one each, in order.
    package func queue(_ faults: DoubleFault...) { state.withLock { $0.faults += faults } }

    /// Lets a fault happen to every exchange for which none is queued.
    package func setLasting(_ fault: DoubleFault) { state.withLock { $0.lasting = fault } }

    func double(host: String, path: String) -> (any ProviderDouble)? {
        state.withLock { state in
            state.routes.first { ($0.host ?? host) == host && path.hasSuffix($0.path) }?.double
        }
    }

    func nextFault() -> DoubleFault {
        state.withLock { $0.faults.isEmpty ? $0.lasting : $0.faults.removeFirst() }
    }
}
