// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Transports

@Suite struct PlaybackMarksTests {
    private static func at(_ milliseconds: Int) -> MediaTime { .zero + .milliseconds(milliseconds) }

    /// Writes sound in pieces of 20 ms, each when it is due.
    private func write(_ marks: inout PlaybackMarks, from start: Int, to end: Int) -> [String] {
        stride(from: start, to: end, by: 20).compactMap { time in
            marks.wrote(.milliseconds(20), at: Self.at(time), now: Self.at(time))
        }
    }

    @Test func marksEachHalfSecondAndEachClause() {
        var marks = PlaybackMarks()
        #expect(write(&marks, from: 0, to: 1200) == ["1", "2"])
        #expect(marks.clauseEnded(now: Self.at(1200)) == "3")
        #expect(marks.clauseEnded(now: Self.at(1200)) == nil)
    }

    @Test func isHeardAsFarAsTheMarksSay() {
        var marks = PlaybackMarks()
        _ = write(&marks, from: 0, to: 1000)
        #expect(marks.heard(at: Self.at(700)) < Self.at(500))
        marks.cameBack("1", now: Self.at(700))
        // The network takes 200 ms.
        #expect(marks.heard(at: Self.at(700)) == Self.at(500))
        #expect(marks.heard(at: Self.at(900)) == Self.at(700))
        #expect(marks.heard(at: Self.at(1500)) < Self.at(1000))
        marks.cameBack("2", now: Self.at(1200))
        #expect(marks.heard(at: Self.at(1200)) == Self.at(1200))
    }

    @Test func anEchoAfterAClearSaysNothing() {
        var marks = PlaybackMarks()
        _ = write(&marks, from: 0, to: 600)
        marks.clear()
        #expect(marks.heard(at: Self.at(600)) == Self.at(600))
        _ = write(&marks, from: 620, to: 1200)
        marks.cameBack("1", now: Self.at(650))
        #expect(marks.unexpectedCount == 1)
        #expect(marks.heard(at: Self.at(700)) == Self.at(620))
        marks.cameBack("2", now: Self.at(1240))
        #expect(marks.heard(at: Self.at(1240)) >= Self.at(1120))
    }

    @Test(arguments: ["", "x", "0", "-1", "2", "99999999999999999999", "1 "])
    func aMarkThatWasNeverSentSaysNothing(name: String) {
        var marks = PlaybackMarks()
        _ = write(&marks, from: 0, to: 500)
        marks.cameBack(name, now: Self.at(500))
        #expect(marks.unexpectedCount == 1 && marks.heard(at: Self.at(2000)) < Self.at(500))
        marks.cameBack("1", now: Self.at(600))
        #expect(marks.heard(at: Self.at(600)) == Self.at(600))
        marks.cameBack("1", now: Self.at(600))
        #expect(marks.unexpectedCount == 2)
    }

    @Test func aLaterMarkConfirmsTheEarlierOnes() {
        var marks = PlaybackMarks()
        _ = write(&marks, from: 0, to: 1500)
        marks.cameBack("3", now: Self.at(1600))
        #expect(marks.heard(at: Self.at(1600)) == Self.at(1600))
    }

    @Test func holdsNoMoreMarksThanItMay() {
        var marks = PlaybackMarks()
        let names = write(&marks, from: 0, to: 100_000)
        #expect(names.count == 200)
        marks.cameBack("3", now: Self.at(100_000))
        #expect(marks.unexpectedCount == 1)
        marks.cameBack("200", now: Self.at(100_100))
        #expect(marks.heard(at: Self.at(100_100)) == Self.at(100_100))
    }

    /// The last words of a sentence are marked only when the next one comes; that is no delay of the network.
    @Test func aLateMarkDoesNotLookLikeASlowNetwork() {
        var marks = PlaybackMarks()
        _ = write(&marks, from: 0, to: 300)
        _ = marks.clauseEnded(now: Self.at(5000))
        marks.cameBack("1", now: Self.at(5050))
        _ = write(&marks, from: 5060, to: 5460)
        #expect(marks.heard(at: Self.at(5400)) == Self.at(5350))
    }
}
