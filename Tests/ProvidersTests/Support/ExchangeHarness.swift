// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Synchronization

/// Runs what a service would do with a ``DoubleNetwork``, on a virtual clock.
final class ExchangeHarness {
    let network = DoubleNetwork()
    let loop = SessionLoop.virtual()
    private var pipeline: PipelineHarness?

    init() { loop.lend(network, as: (any ProviderNetwork).self) }

    /// Begins work; it goes on as the clock does.
    func begin<Value: Sendable>(
        _ body: nonisolated(nonsending) @escaping @Sendable (ServiceOutput) async throws -> Value
    ) throws -> Work<Value> {
        let work = Work<Value>()
        var builder = PipelineBuilder("exchange", limits: .unhurried)
        builder.add(
            WorkingService { output in
                do { work.set(.success(try await body(output))) } catch { work.set(.failure(error)) }
            })
        let pipeline = try PipelineHarness(builder.build(), on: loop)
        self.pipeline = pipeline
        pipeline.send(ModelText("go"))
        return work
    }

    /// Does work to its end, at most so long.
    func run<Value: Sendable>(
        for limit: Duration = .seconds(60),
        _ body: nonisolated(nonsending) @escaping @Sendable (ServiceOutput) async throws -> Value
    ) throws -> Value {
        let work = try begin(body)
        advance(by: limit)
        return try work.result()
    }

    func advance(by duration: Duration) { loop.run(until: loop.virtualTime + duration) }

    /// Cancels the work, as an interruption does.
    func cancel() { pipeline?.onLoop { $0.end(.cancelled) } }
}

/// Work that is under way, or done.
final class Work<Value: Sendable>: Sendable {
    /// The work is not done.
    struct Unfinished: Error {}

    private let outcome = Mutex<Result<Value, any Error>?>(nil)

    var isDone: Bool { outcome.withLock { $0 != nil } }

    func set(_ value: Result<Value, any Error>) { outcome.withLock { $0 = value } }

    func result() throws -> Value {
        guard let result = outcome.withLock({ $0 }) else { throw Unfinished() }
        return try result.get()
    }
}

private final class WorkingService: Service {
    static let name = "working_service"
    static let summary = "Does what it is given."

    private let body: nonisolated(nonsending) @Sendable (ServiceOutput) async -> Void

    init(_ body: nonisolated(nonsending) @escaping @Sendable (ServiceOutput) async -> Void) { self.body = body }

    convenience init(_ parameters: NoParameters) { self.init { _ in } }

    func process(_ frame: Frame, _ output: ServiceOutput) async throws { await body(output) }
}
