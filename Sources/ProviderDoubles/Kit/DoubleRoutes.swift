// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which double answers what, and what goes wrong meanwhile.
package final class DoubleRoutes: Sendable {
    private struct Route {
        var host: String?
        var path: String
        var family: DoubleFamily?
        var double: any ProviderDouble
    }

    private struct State {
        var routes: [Route] = []
        var faults: [(fault: DoubleFault, family: DoubleFamily?)] = []
        var lasting = DoubleFault.none

        func route(for request: DoubleRequest) -> Route? {
            routes.first { ($0.host ?? request.host) == request.host && request.path.hasSuffix($0.path) }
        }
    }

    private let state = Mutex(State())

    /// Creates an empty table.
    package init() {}

    /// Adds a double; the first that fits a request answers it.
    ///
    /// - Parameters:
    ///   - host: Whose requests; of any host if `nil`.
    ///   - path: How the path ends; anything by default. Raw connections have no path.
    ///   - family: What the double stands for, for faults that are meant for one family.
    package func add(
        _ double: any ProviderDouble, host: String? = nil, path: String = "", family: DoubleFamily? = nil
    ) {
        state.withLock { $0.routes.append(Route(host: host, path: path, family: family, double: double)) }
    }

    /// Lets faults happen to the next exchanges, one each, in order.
    ///
    /// - Parameter family: Whose exchanges; anybody's if `nil`.
    package func queue(_ faults: DoubleFault..., for family: DoubleFamily? = nil) {
        state.withLock { $0.faults += faults.map { ($0, family) } }
    }

    /// Lets a fault happen to every exchange for which none is queued.
    package func setLasting(_ fault: DoubleFault) { state.withLock { $0.lasting = fault } }

    func double(for request: DoubleRequest) -> (any ProviderDouble)? {
        state.withLock { $0.route(for: request)?.double }
    }

    func nextFault(for request: DoubleRequest) -> DoubleFault {
        state.withLock { state in
            let family = state.route(for: request)?.family
            guard let index = state.faults.firstIndex(where: { $0.family == nil || $0.family == family }) else {
                return state.lasting
            }
            return state.faults.remove(at: index).fault
        }
    }
}

/// What a double stands for.
package enum DoubleFamily: Sendable {
    /// It hears.
    case recogniser
    /// It thinks.
    case model
    /// It speaks.
    case voice
}
