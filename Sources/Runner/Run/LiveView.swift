// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The lines of what has happened, and below them a board that is redrawn: who speaks now, and the words as they come.
struct LiveView: RunView {
    private static let mostBoards = 4

    private let output: Output
    private let lines: EventLine
    private var boards: [(call: String, board: CallBoard)] = []
    private var drawn: [String] = []
    private var watches: [String: DropWatch] = [:]

    /// Creates a view that draws on a terminal.
    init(_ output: Output) {
        self.output = output
        lines = EventLine(output: output)
    }

    mutating func show(_ event: RunEvent) {
        update(event.call) { $0.apply(event) }
        redraw(below: lines.text(event).map { $0 + "\n" } ?? "")
    }

    mutating func showEnd(
        _ event: RunEvent, _ report: SessionReport, _ record: CallRecord, _ files: [(kind: String, path: String)]
    ) {
        boards.removeAll { $0.call == event.call }
        watches[event.call] = nil
        let end = lines.text(event).map { $0 + "\n" } ?? ""
        redraw(below: end + CallSummary(report: report, record: record, files: files).text)
    }

    mutating func show(_ figures: SessionFigures, of call: String) {
        update(call) { $0.apply(figures) }
        let warnings = watches[call, default: DropWatch()].warnings(figures.processors)
        redraw(below: warnings.map { output.styled("warning: \($0)\n", .yellow) }.joined())
    }

    private mutating func update(_ call: String, _ change: (inout CallBoard) -> Void) {
        if let index = boards.firstIndex(where: { $0.call == call }) { return change(&boards[index].board) }
        var board = CallBoard(call: call)
        change(&board)
        boards.append((call, board))
    }

    /// Takes the boards away, prints `text` for good, and draws the boards below it.
    private mutating func redraw(below text: String) {
        let width = output.width
        let shown = boards.prefix(Self.mostBoards).flatMap {
            $0.board.lines(output, width: width, isAlone: boards.count == 1)
        }
        guard !text.isEmpty || shown != drawn else { return }
        // ECMA-48: cursor up (CUU), erase to the end of the screen (ED).
        let erase = drawn.isEmpty ? "" : "\u{1B}[\(drawn.count)A\r\u{1B}[J"
        output.write(erase + text + shown.map { $0 + "\n" }.joined())
        drawn = shown
    }
}
