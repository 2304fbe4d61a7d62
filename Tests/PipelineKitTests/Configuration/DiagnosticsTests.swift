// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@Suite struct DiagnosticsTests {
    private func mark(_ file: String, _ line: Int, _ column: Int) -> SourceMark {
        SourceMark(file: file, line: line, column: column)
    }

    @Test func sortsByPlaceAndDropsRepetitions() {
        var diagnostics = Diagnostics()
        diagnostics.error("late", at: mark("b.yaml", 1, 1))
        diagnostics.warning("second", at: mark("a.yaml", 10, 2))
        diagnostics.error("first", at: mark("a.yaml", 9, 7), path: "gate.hangover")
        diagnostics.error("late", at: mark("b.yaml", 1, 1))
        #expect(
            diagnostics.all.map(\.description) == [
                "a.yaml:9:7: error: gate.hangover: first",
                "a.yaml:10:2: warning: second",
                "b.yaml:1:1: error: late",
            ])
        #expect(diagnostics.errorCount == 2)
        #expect(diagnostics.warningCount == 1)
    }

    @Test func keepsAThousandProblemsAndCountsTheRest() {
        var diagnostics = Diagnostics()
        for line in 1...1500 { diagnostics.error("wrong", at: mark("a.yaml", line, 1)) }
        var all = Diagnostics()
        all.warning("first", at: mark("b.yaml", 1, 1))
        all.merge(diagnostics)
        #expect(all.all.count == 1000)
        #expect(all.errorCount == 1500)
        #expect(all.omittedCount == 501)
        #expect(all.rendered().hasSuffix("... and 501 more\n"))
    }

    @Test func showsTheLineAtFaultWithACaret() {
        var diagnostics = Diagnostics()
        diagnostics.keepSource(SourceText(Array("gate:\n    threshold_dbfs: 12\n".utf8)), of: "a.yaml")
        diagnostics.error("12 is outside -90...0", at: mark("a.yaml", 2, 21), path: "gate.threshold_dbfs")
        #expect(
            diagnostics.rendered() == """
                a.yaml:2:21: error: gate.threshold_dbfs: 12 is outside -90...0
                    threshold_dbfs: 12
                                    ^

                """)
    }

    @Test func cutsLongLinesAroundTheColumn() {
        let line = String(repeating: "x", count: 5000)
        var diagnostics = Diagnostics()
        diagnostics.keepSource(SourceText(Array(line.utf8)), of: "a.yaml")
        diagnostics.error("too long", at: mark("a.yaml", 1, 3000))
        let lines = diagnostics.rendered().split(separator: "\n")
        #expect(lines.map(\.count) == [30, 160, 80])
    }

    @Test func agreesWithTheParserOnEveryKindOfLineBreak() {
        let source = SourceText(Array("a\r\nb\rc\nd\u{85}e\u{2028}f".utf8))
        #expect(source.mark(atOffset: 14, file: "f") == mark("f", 6, 1))
        #expect(source.mark(atOffset: 5, file: "f") == mark("f", 3, 1))
    }

    @Test func writesJSONInAFixedOrder() {
        let diagnostic = Diagnostic(.error, "say \"hi\"\n", at: mark("a.yaml", 1, 2), path: "p")
        #expect(
            diagnostic.json.description == #"""
                {"file":"a.yaml","line":1,"column":2,"severity":"error","path":"p","message":"say \"hi\"\n"}
                """#)
    }

    @Test(arguments: [
        ("hangovr", "hangover"), ("treshold", "threshold"), ("hangover", "hangover"), ("hnagover", "hangover"),
        ("HANGOVER", "hangover"), ("x", nil), ("something", nil),
    ])
    func suggestsTheNearestKnownName(name: String, suggestion: String?) {
        #expect(Suggestion.nearest(to: name, among: ["hangover", "threshold"]) == suggestion)
    }

    @Test func laysOutJSONForPeople() {
        let value: JSONValue = ["a": [1, 2.5, .null], "empty": [:], "b": ["c": true]]
        #expect(
            value.pretty == """
                {
                  "a": [
                    1,
                    2.5,
                    null
                  ],
                  "empty": {},
                  "b": {
                    "c": true
                  }
                }

                """)
    }

    @Test func escapesWhatATerminalOrAScriptWouldInterpret() {
        #expect(JSONValue.string("\u{1B}[31m\u{7F}\u{2028}ü\\").description == #""\u001b[31m\u007f\u2028ü\\""#)
    }

    @Test func writesNumbersThatReadBackTheSame() {
        #expect(
            JSONValue.array([.number(-45), .number(0.1), .number(1e300), .number(.nan), .integer(.min)]).description
                == "[-45,0.1,1e+300,null,-9223372036854775808]")
    }
}
