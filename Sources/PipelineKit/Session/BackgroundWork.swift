// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Work of a service beside its frames, see ``ServiceOutput/inBackground(_:)``.
///
/// `@unchecked Sendable`: the task's executor is the session's loop, and everything else here is called there too.
public final class BackgroundWork: @unchecked Sendable {
    /// What the work does.
    public typealias Body = nonisolated(nonsending) (ServiceOutput) async -> Void

    private let body: Body
    private let live: LiveMark
    private let output: ServiceOutput
    @exclusivity(unchecked) private var task: Task<Void, Never>?
    @exclusivity(unchecked) private var onEnd: ((BackgroundWork) -> Void)?

    init(_ loop: SessionLoop, _ output: ServiceOutput, body: @escaping Body, onEnd: @escaping (BackgroundWork) -> Void)
    {
        self.body = body
        self.output = output
        self.onEnd = onEnd
        live = LiveMark(loop)
        let isolation = loop.isolation
        task = Task(executorPreference: loop) { await self.main(on: isolation) }
    }

    private func main(on loop: isolated LoopIsolation) async {
        output.claimLoop()
        await body(output)
        let onEnd = onEnd
        detach()
        onEnd?(self)
    }

    /// Cancels the work; harmless when it has ended.
    public func cancel() { task?.cancel() }

    /// Cancels the work, and refuses what it still emits.
    func dispose() {
        task?.cancel()
        output.detach()
    }

    /// Forgets the session.
    func detach() {
        output.detach()
        onEnd = nil
    }
}
