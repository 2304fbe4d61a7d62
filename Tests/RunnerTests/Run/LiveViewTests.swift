// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import PipelineKit
@testable import Runner

@Suite struct LiveViewTests {
    /// A terminal that understands what the view writes: text, line breaks, cursor up, erase below.
    private final class Screen: Sendable {
        private let lines = Mutex<[String]>([])

        var output: Output { Output(isTerminal: false, usesColour: false) { _, text in self.write(text) } }
        var shown: [String] { lines.withLock { $0 } }

        private func write(_ text: String) {
            lines.withLock { lines in
                var rest = Substring(text)
                if rest.hasPrefix("\u{1B}["), let count = Int(rest.dropFirst(2).prefix { $0.isNumber }) {
                    lines.removeLast(count)
                    rest = rest.split(separator: "\u{1B}[J", maxSplits: 1).last ?? ""
                }
                lines += rest.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
            }
        }
    }

    private func event(_ event: SessionEvent, at milliseconds: Int) -> RunEvent {
        RunEvent(call: "a", transport: "file", time: .zero + .milliseconds(milliseconds), event: event)
    }

    @Test func keepsTheBoardBelowWhatHasHappened() {
        let screen = Screen()
        var view = LiveView(screen.output)
        view.show(event(.started, at: 0))
        view.show(event(.callerSpeaking(true), at: 500))
        view.show(event(.heardCaller(TurnID(1), text: "hello", isFinal: false), at: 700))
        #expect(screen.shown == ["0:00.0  call      a, by file", "● caller  hello …", "○ agent", "  0:00.7"])
        view.show(event(.heardCaller(TurnID(1), text: "hello there", isFinal: true), at: 900))
        #expect(
            screen.shown == [
                "0:00.0  call      a, by file", "0:00.9  caller    hello there", "● caller", "○ agent", "  0:00.9",
            ])
        let report = SessionReport(reason: .agentEnded, duration: .seconds(1), abandoned: [], processors: [])
        view.showEnd(event(.ended(report), at: 1000), report, CallRecord(), [("recording", "a.wav")])
        #expect(screen.shown.suffix(3) == ["0:01.0  end       agent ended after 1.0 s", "", "recording  a.wav"])
    }
}
