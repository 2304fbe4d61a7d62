// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Providers
import Testing

@Suite struct InboxTests {
    private func inbox(_ harness: ExchangeHarness, _ words: String...) -> Inbox<String> {
        let inbox = Inbox<String>(harness.loop)
        harness.loop.perform { words.forEach(inbox.append) }
        return inbox
    }

    @Test func givesWhatIsThereAndThenWaits() throws {
        let harness = ExchangeHarness()
        let inbox = inbox(harness, "a", "b")
        let work = try harness.begin { _ in
            var words: [String] = []
            while let word = try await inbox.next() { words.append(word) }
            return words
        }
        #expect(!work.isDone)
        harness.loop.perform { inbox.append("c") }
        harness.loop.perform {
            inbox.append("d")
            inbox.finish()
            inbox.append("lost")
        }
        #expect(try work.result() == ["a", "b", "c", "d"])
        #expect(inbox.hasEnded)
    }

    @Test func givesWhatIsThereBeforeItFails() throws {
        let harness = ExchangeHarness()
        let inbox = inbox(harness, "a")
        harness.loop.perform {
            inbox.finish(ProviderError(.transient, "reset"))
            inbox.finish()
        }
        let work = try harness.begin { _ in
            let word = try await inbox.next()
            do { _ = try await inbox.next() } catch { return "\(word ?? "") \(error)" }
            return "no error"
        }
        #expect(try work.result() == "a reset")
    }

    @Test func losesNothingInAWaitThatIsCancelled() throws {
        let harness = ExchangeHarness()
        let inbox = inbox(harness)
        let work = try harness.begin { output in
            let late = ProviderError(.transient, "late")
            do {
                _ = try await withDeadline(.seconds(1), output, late) { try await inbox.next() }
            } catch let error as ProviderError {
                return try await "\(error) \(inbox.next() ?? "")"
            }
            return "in time"
        }
        harness.advance(by: .seconds(2))
        #expect(!work.isDone)
        harness.loop.perform { inbox.append("word") }
        #expect(try work.result() == "late word")
    }
}
