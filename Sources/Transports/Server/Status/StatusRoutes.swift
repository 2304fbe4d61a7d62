// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
public import PipelineKit

/// The routes by which a server tells how it is: health, metrics and calls.
public struct StatusRoutes: Sendable {
    private let directory: CallDirectory
    private let metrics: MetricsStore
    private let archive: (any CallArchive)?
    private let placesCalls: Bool
    private let isDraining: @Sendable () -> Bool

    /// Creates the routes.
    ///
    /// - Parameters:
    ///   - archive: Knows calls that the directory has forgotten.
    ///   - placesCalls: Whether a transport of the server calls people, so that pages can offer it.
    ///   - isDraining: Whether new calls are refused.
    public init(
        _ directory: CallDirectory, _ metrics: MetricsStore, archive: (any CallArchive)? = nil,
        placesCalls: Bool = false, isDraining: @escaping @Sendable () -> Bool
    ) {
        self.directory = directory
        self.metrics = metrics
        self.archive = archive
        self.placesCalls = placesCalls
        self.isDraining = isDraining
    }

    /// Adds the routes.
    public func mount(_ routes: inout ServerRoutes) {
        routes.get("/health", access: .open) { _ in health() }
        routes.get("/health/ready", access: .open) { _ in health() }
        routes.get("/health/live", access: .open) { _ in .json(["status": "ok", "live": true]) }
        routes.get("/features", access: .open) { [placesCalls] _ in .json(["calls": .bool(placesCalls)]) }
        routes.get("/metrics", access: .apiKey) { _ in
            .text(PrometheusText(metrics).text, type: PrometheusText.contentType)
        }
        routes.get("/calls/active", access: .apiKey) { _ in
            let calls = directory.active.map(\.summary)
            return .json(["count": .integer(calls.count), "calls": .array(calls)])
        }
        routes.get("/calls/{id}", access: .apiKey) { request in
            let id = request.pathParameters["id"] ?? ""
            if let entry = directory.entry(id) { return .json(entry.details) }
            guard let found = try await archive?.call(id) else { throw ServerError(.notFound, "there is no such call") }
            return .json(found)
        }
    }

    private func health() -> ServerResponse {
        let isReady = !isDraining()
        return .json(
            [
                "status": isReady ? "ok" : "draining", "live": true, "ready": .bool(isReady),
                "active_calls": .integer(directory.activeCount),
            ], status: isReady ? .ok : .serviceUnavailable)
    }
}
