// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Providers
import Testing

/// Does one step with a deadline and says how it ended.
private final class Limited: Service {
    static let name = "limited"
    static let summary = "Does one step with a deadline."

    private let takes: Duration
    private let limit: Duration
    private let insists: Bool

    init(_ parameters: NoParameters) {
        (takes, limit, insists) = (.zero, .zero, false)
    }

    init(takes: Duration, limit: Duration, insists: Bool = false) {
        (self.takes, self.limit, self.insists) = (takes, limit, insists)
    }

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        let word: String
        do {
            word = try await withDeadline(limit, output, ProviderError(.transient, "late")) { [takes, insists] in
                do { try await output.sleep(for: takes) } catch { if !insists { throw error } }
                return "done"
            }
        } catch let error as ProviderError {
            word = error.message
        }
        try await output.emit(ModelText("\(word) at \(output.now)"))
    }
}

@Suite struct DeadlineTests {
    private static func outcome(_ service: @autoclosure @escaping @Sendable () -> Limited) throws -> [String] {
        let harness = try ProcessorHarness(service: service())
        harness.send(ModelRequest(turn: TurnID(1), messages: []))
        harness.advance(by: .seconds(5))
        let texts = harness.take(ModelText.self).map(\.text)
        _ = try harness.finish()
        return texts
    }

    @Test func returnsWhatWasDoneInTime() throws {
        #expect(try Self.outcome(Limited(takes: .seconds(1), limit: .seconds(2))) == ["done at 1.000s"])
    }

    @Test func cancelsWhatTakesTooLong() throws {
        #expect(try Self.outcome(Limited(takes: .seconds(3), limit: .seconds(2))) == ["late at 2.000s"])
    }

    @Test func keepsWhatWasAchievedNevertheless() throws {
        #expect(try Self.outcome(Limited(takes: .seconds(3), limit: .seconds(2), insists: true)) == ["done at 2.000s"])
    }

    @Test func endsWithTheTurnThatItServes() throws {
        let harness = try ProcessorHarness(service: Limited(takes: .seconds(3), limit: .seconds(2)))
        harness.send(ModelRequest(turn: TurnID(1), messages: []))
        harness.advance(by: .seconds(1))
        harness.interrupt()
        harness.advance(by: .seconds(5))
        #expect(harness.take(ModelText.self).isEmpty)
        #expect(try harness.finish().isEmpty)
    }
}
