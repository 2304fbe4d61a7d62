// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@Suite struct YAMLReaderTests {
    private func read(_ text: String, limits: YAMLLimits = YAMLLimits()) -> (root: YAMLNode?, problems: [String]) {
        var diagnostics = Diagnostics()
        let root = YAMLReader(limits: limits).read(text, file: "a.yaml", into: &diagnostics)
        return (root, diagnostics.all.map(\.description))
    }

    @Test func keepsOrderAndMarksOfKeysAndValues() throws {
        let (root, problems) = read("b: 1\na:\n  - x\n  - {k: v}\n")
        #expect(problems.isEmpty)
        let pairs = try #require(root?.mapping)
        #expect(pairs.map(\.key) == ["b", "a"])
        #expect(pairs[0].value.mark == SourceMark(file: "a.yaml", line: 1, column: 4))
        #expect(pairs[1].keyMark == SourceMark(file: "a.yaml", line: 2, column: 1))
        let inner = try #require(pairs[1].value.sequence?[1].pair("k"))
        #expect(inner.keyMark == SourceMark(file: "a.yaml", line: 4, column: 6))
        #expect(inner.value.mark == SourceMark(file: "a.yaml", line: 4, column: 9))
    }

    @Test(
        arguments: [
            ("true", .bool(true)), ("False", .bool(false)), ("yes", .string("yes")), ("no", .string("no")),
            ("on", .string("on")), ("12", .integer(12)), ("-7", .integer(-7)), ("+3", .integer(3)),
            ("0x1F", .integer(31)), ("0o17", .integer(15)), ("017", .integer(17)), ("1.5", .number(1.5)),
            (".5", .number(0.5)), ("1.", .number(1)), ("1e3", .number(1000)), ("-2.5e-1", .number(-0.25)),
            ("-.inf", .number(-.infinity)), ("1_000", .string("1_000")), ("1e", .string("1e")), ("-x", .string("-x")),
            ("0x", .string("0x")), ("1.2.3", .string("1.2.3")), ("200ms", .string("200ms")), ("~", .null),
            ("null", .null), ("", .null), ("'12'", .string("12")), ("\"true\"", .string("true")),
            ("!!str 12", .string("12")), ("!!float 3", .number(3)), ("99999999999999999999", .number(1e20)),
            ("0x-5", .string("0x-5")),
        ] as [(String, YAMLScalar.Value)])
    func resolvesScalarsByTheCoreSchema(text: String, value: YAMLScalar.Value) {
        let (root, problems) = read("key: \(text)\n")
        #expect(problems.isEmpty)
        #expect(root?["key"]?.scalar?.value == value)
    }

    @Test func readsOnBehindDuplicateKeysAndReportsAllOfThem() throws {
        let (root, problems) = read("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\nlast: here\n")
        #expect(
            problems == [
                "a.yaml:2:1: error: the key 'a' is already at line 1; remove one of the two",
                "a.yaml:3:11: error: the key 'c' is already at line 3; remove one of the two",
                "a.yaml:4:1: error: the key 'a' is already at line 1; remove one of the two",
            ])
        #expect(root?["a"]?.scalar?.value == .integer(1))
        #expect(root?["last"]?.scalar?.text == "here")
    }

    @Test func repeatsAnchorsAndMergesMappings() {
        let (root, problems) = read("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\nlist: [*b, *b]\n")
        #expect(problems.isEmpty)
        #expect(root?["own"]?["x"]?.scalar?.value == .integer(1))
        #expect(root?["own"]?["y"]?.scalar?.value == .integer(3))
        #expect(root?["list"]?.sequence?[1]["y"]?.scalar?.value == .integer(2))
    }

    @Test func letsTheEarlierOfSeveralMergedMappingsWin() {
        let (root, problems) = read("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\n")
        #expect(problems.isEmpty)
        #expect(root?["c"]?["x"]?.scalar?.value == .integer(1))
        #expect(root?["c"]?["y"]?.scalar?.value == .integer(2))
    }

    @Test(arguments: [
        ("a: *nothing", "1:4: error: '*nothing' refers to no '&nothing' above it"),
        ("x: &speed 1\na: *sped", "2:4: error: '*sped' refers to no '&sped' above it; did you mean 'speed'?"),
        ("a: &a [*a]", "1:8: error: '*a' stands inside what it refers to; that would never end"),
        ("a: {<<: 3}", "1:9: error: '<<' takes a mapping or a list of mappings, not 3"),
        ("a: !thing 3", "1:4: error: unknown tag '!thing'; remove it"),
        ("a: !!int x", "1:4: error: 'x' is not what its tag '!!int' says; remove the tag"),
        ("? [a]\n: 1", "1:3: error: a key must be text, not a list"),
        ("{'': 1}", "1:2: error: a key is missing before ':'"),
        (
            "a: 1\n---\nb: 2",
            "2:1: error: a second document begins here; a file holds one, so remove '---' or split the file"
        ),
        ("", "1:1: error: the file is empty"),
        ("# only a comment\n", "1:1: error: the file is empty"),
        ("a:\n\tb: 1", "2:1: error: a tab cannot indent; use spaces"),
        (
            "a: b: c",
            "1:5: error: unexpected ':'; check the indentation and the line before, or put text that contains ': ' in quotes"
        ),
        ("a: @b", "1:4: error: a value cannot begin with '@'; put the value in quotes"),
        (
            "a: 1\nb: \"abc\n",
            "2:4: error: the quotation that begins here is never closed; add the closing quotation mark"
        ),
        (
            "a: [1, 2\nb: 3\n",
            "2:2: error: expected ',' or ']' to go on with or close what was opened at line 1, column 4"
        ),
        ("a: 1\nb\nc: 2\n", "3:1: error: expected 'key: value'; check the line before for a missing ':'"),
        (
            "a: 1\n  b: 2\n",
            "2:4: error: unexpected ':'; check the indentation and the line before, or put text that contains ': ' in quotes"
        ),
        ("a: - b\n", "1:4: error: a list cannot begin here; begin it on a line of its own below the key"),
        ("a: \"\\q\"", "1:5: error: unknown escape; write '\\\\' for a backslash, or use single quotes"),
        ("a:\n - b\n c: d\n", "3:2: error: expected '- ' as in the lines above it; check the indentation"),
        (
            "a: 1\n\u{7}b: 2",
            "2:1: error: control characters are not allowed in YAML; remove this one, or write it as an escape in double quotes"
        ),
        ("a: b\0c", "1:5: error: the file is binary (it holds a NUL byte), not YAML"),
    ])
    func locatesWhatIsNotUsableYAML(text: String, problem: String) {
        #expect(read(text).problems == ["a.yaml:\(problem)"])
    }

    @Test func refusesBytesThatAreNotUTF8() {
        var diagnostics = Diagnostics()
        let bytes = Array("a: 1\nb: ü".utf8) + [0xC3, 0x28]
        #expect(YAMLReader().read(bytes, file: "a.yaml", into: &diagnostics) == nil)
        #expect(diagnostics.all.map(\.description) == ["a.yaml:2:5: error: this is not UTF-8; save the file as UTF-8"])
    }

    @Test func countsColumnsInCharactersAndSkipsAByteOrderMark() {
        let (_, problems) = read("\u{FEFF}a: 1\nü: {ä: 1, ä: 2}\n")
        #expect(problems == ["a.yaml:2:11: error: the key 'ä' is already at line 2; remove one of the two"])
    }

    @Test func countsRepeatedValuesAgainstTheBudget() {
        var limits = YAMLLimits()
        limits.nodes = 20
        let (root, problems) = read("a: &a [1, 2, 3]\nb: &b [*a, *a]\nc: [*b, *b]\n", limits: limits)
        #expect(root == nil)
        #expect(
            problems == [
                "a.yaml:3:5: error: more than 20 values, those repeated by aliases included; make the file smaller"
            ])
    }

    @Test func refusesDeepNesting() {
        var limits = YAMLLimits()
        limits.depth = 3
        #expect(read("[[[1]]]", limits: limits).problems.isEmpty)
        #expect(
            read("[[[[1]]]]", limits: limits).problems == [
                "a.yaml:1:4: error: nested deeper than 3 levels; make the structure flatter"
            ])
    }
}
