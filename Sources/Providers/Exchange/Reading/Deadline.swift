// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// Does something that must not take longer than `duration` of the session's time.
///
/// When the time is up the operation is cancelled; it must then return soon. What it has achieved nevertheless counts,
/// so that nothing which it opened is lost.
///
/// - Throws: What `operation` throws, or `error` when it was cancelled because its time was up.
nonisolated(nonsending) package func withDeadline<Value>(
    _ duration: Duration, _ output: ServiceOutput, _ error: @autoclosure () -> ProviderError,
    _ operation: nonisolated(nonsending) @escaping () async throws -> Value
) async throws -> Value {
    let operation = Confined(operation)
    let ending: (result: Confined<Result<Value, any Error>>?, isLate: Bool)
    ending = await withTaskGroup(of: DeadlineEvent<Value>.self) { group in
        group.addTask {
            do {
                return .done(Confined(.success(try await operation.value())))
            } catch {
                return .done(Confined(.failure(error)))
            }
        }
        group.addTask {
            do { try await output.sleep(for: duration) } catch { return .cancelled }
            return .late
        }
        var isLate = false
        while let event = await group.next() {
            switch event {
            case .cancelled: continue
            case .late: isLate = true
            case .done(let result):
                group.cancelAll()
                return (result, isLate)
            }
            group.cancelAll()
        }
        return (nil, isLate)
    }
    switch ending.result?.value {
    case .success(let value): return value
    case .failure(let failure):
        try Task.checkCancellation()
        throw ending.isLate ? error() : failure
    case nil: throw CancellationError()
    }
}

private enum DeadlineEvent<Value>: Sendable {
    case done(Confined<Result<Value, any Error>>)
    case late
    case cancelled
}

/// Something that belongs to the session's loop, on its way to a child task there.
///
/// `@unchecked Sendable`: child tasks inherit the loop as their executor.
private struct Confined<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
