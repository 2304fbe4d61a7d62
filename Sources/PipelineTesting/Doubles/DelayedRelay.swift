// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// A service that passes every frame on after a while: a tool, a database, any slow stage.
public final class DelayedRelay: Service {
    public static let name = "delayed_relay"
    public static let summary = "Passes every frame on after a delay."

    private let delay: @Sendable (Frame) -> Duration

    /// Passes everything on after 100 ms.
    public convenience init(_ parameters: NoParameters) { self.init(.milliseconds(100)) }

    /// Creates a relay.
    public convenience init(_ delay: Duration) { self.init { _ in delay } }

    /// Creates a relay whose delay depends on the frame.
    public init(_ delay: @escaping @Sendable (Frame) -> Duration) { self.delay = delay }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        let delay = delay(frame)
        if delay > .zero { try await output.sleep(for: delay) }
        try await output.emit(frame)
    }
}
