// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// A service that breaks its contract at a chosen frame, and passes every other frame on.
public final class FlakyService: Service {
    public static let name = "flaky_service"
    public static let summary = "Breaks its contract on purpose."

    /// What it does wrong.
    public enum Fault: Sendable {
        /// Waits until it is cancelled: a stuck consumer that behaves.
        case waits
        /// Never returns, cancelled or not.
        case hangs
        /// Returns so long after the frame came, cancelled or not.
        case ignoresCancellation(Duration)
        /// Throws ``FlakyError``.
        case throwsError
        /// Emits so many frames without a pause.
        case floods(Int)
        /// Emits frames without a pause until it is cancelled.
        case floodsForever
        /// Holds its thread, in real time.
        case blocks(Duration)
        /// Takes so long to start.
        case startsSlowly(Duration)
        /// Throws ``FlakyError`` when it starts.
        case failsToStart
        /// Never returns from `start`.
        case hangsAtStart
        /// Never returns from `finish`.
        case hangsAtFinish
        /// Throws ``FlakyError`` from `finish`.
        case throwsAtFinish
        /// Never returns from `stop`.
        case hangsAtStop
    }

    private let fault: Fault
    private let position: Int
    private let gate: Gate
    private var count = 0

    /// Creates a service that throws at its first frame.
    public convenience init(_ parameters: NoParameters) { self.init(.throwsError) }

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - position: Number of the frame at which the fault shows, from 1.
    ///   - gate: Where those wait that never return, until the test opens it.
    public init(_ fault: Fault, atFrame position: Int = 1, gate: Gate = Gate()) {
        self.fault = fault
        self.position = position
        self.gate = gate
    }

    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws {
        switch fault {
        case .startsSlowly(let duration): try await output.sleep(for: duration)
        case .failsToStart: throw FlakyError(frame: 0)
        case .hangsAtStart: await gate.wait()
        default: break
        }
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        count += 1
        if count == position { try await fail(output) }
        try await output.emit(frame)
    }

    nonisolated(nonsending) private func fail(_ output: ServiceOutput) async throws {
        switch fault {
        case .waits: try await output.sleep(for: .seconds(1_000_000))
        case .hangs: await gate.wait()
        case .ignoresCancellation(let duration):
            // A task of its own does not hear that this one is cancelled.
            await Task(executorPreference: output.loop) { try? await output.sleep(for: duration) }.value
        case .throwsError: throw FlakyError(frame: count)
        case .floods(let frames): for _ in 0..<frames { try await output.emit(ModelText("flood")) }
        case .floodsForever: while true { try await output.emit(ModelText("flood")) }
        case .blocks(let duration): blockThread(for: duration)
        default: break
        }
    }

    nonisolated(nonsending) public func finish(_ output: ServiceOutput) async throws {
        switch fault {
        case .hangsAtFinish: await gate.wait()
        case .throwsAtFinish: throw FlakyError(frame: 0)
        default: break
        }
    }

    nonisolated(nonsending) public func stop() async {
        if case .hangsAtStop = fault { await gate.wait() }
    }
}
