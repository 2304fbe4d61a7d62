// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Runner

@Suite struct LayeredLayoutTests {
    @Test func everyBoxIsBelowAllThatFeedIt() {
        let inputs = [[], [0], [0], [1], [2, 3], [0, 4]]
        let layout = LayeredLayout(inputs: inputs)
        #expect(layout.rows == [0, 1, 1, 2, 3, 4])
        #expect(layout.width == 2 && layout.height == 5)
    }

    @Test func branchesKeepTheirSide() {
        let layout = LayeredLayout(inputs: [[], [0], [0], [2], [1]])
        #expect(layout.offsets[1] < layout.offsets[2])
        #expect(layout.offsets[4] < layout.offsets[3])
    }

    @Test func noBoxesNeedNoSpace() {
        let layout = LayeredLayout(inputs: [])
        #expect(layout.width == 0 && layout.height == 0)
    }
}

@Suite struct FiguresTests {
    @Test(arguments: [
        (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (12.345, 2, "12.35"), (-1.5, 0, "-2"), (999.96, 1, "1000.0"),
    ])
    func roundsToDecimals(value: Double, decimals: Int, text: String) {
        #expect(value.fixed(decimals) == text)
    }

    @Test func tablesAreFlush() {
        var table = TextTable([("name", .left), ("n", .right)])
        table.add(["a", "1"])
        table.add(["longer", "22"])
        #expect(table.text == "name     n\na        1\nlonger  22\n")
    }
}
