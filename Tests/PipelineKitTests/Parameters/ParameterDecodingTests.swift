// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@Suite struct ParameterDecodingTests {
    private func decode(_ text: String) -> (value: ExampleParameters?, problems: [String]) {
        var diagnostics = Diagnostics()
        let node = YAMLReader().read(text, file: "dir/a.yaml", into: &diagnostics)
        let mark = SourceMark(file: "dir/a.yaml")
        let value = ExampleParameters.decode(node, path: "gate", at: mark, into: &diagnostics)
        return (value, diagnostics.all.map { String($0.description.dropFirst("dir/a.yaml:".count)) })
    }

    @Test func readsEveryKindOfValue() throws {
        let (decoded, problems) = decode(
            """
            name: gate
            threshold_dbfs: -30
            retries: 7
            hangover: 1.5s
            when_full: drop_oldest
            api_key: sesame
            words: lists/words.txt
            filter: {cutoff_hz: 100}
            filters: [{enabled: false}, {}]
            ratios: [0, 0.25, 1]
            labels: {a: 1, b: 2}
            limit: 5
            rules: [x, {y: 1}]
            """)
        #expect(problems.isEmpty)
        let value = try #require(decoded)
        #expect(value.name == "gate")
        #expect(value.threshold == -30)
        #expect(value.retries == 7)
        #expect(value.hangover == .milliseconds(1500))
        #expect(value.policy == .dropOldest)
        #expect(value.key.value == "sesame")
        #expect("\(value)".contains("sesame") == false)
        #expect(value.words.resolved == "dir/lists/words.txt")
        #expect(value.filter.cutoff == 100)
        #expect(value.filters.map(\.isOn) == [false, true])
        #expect(value.ratios == [0, 0.25, 1])
        #expect(value.labels == ["a": 1, "b": 2])
        #expect(value.limit == 5)
        #expect(value.rules?.sequence?[1]["y"]?.scalar?.value == .integer(1))
    }

    @Test func keepsDefaultsOfWhatIsNotSet() throws {
        let value = try #require(decode("name: x\nlimit:\n").value)
        #expect(value.threshold == -45)
        #expect(value.filter.cutoff == 300)
        #expect(value.limit == nil)
    }

    @Test(arguments: [
        ("threshold_dbfs: 12", "2:17: error: gate.threshold_dbfs: 12 is outside -90...0"),
        ("threshold_dbfs: loud", "2:17: error: gate.threshold_dbfs: expected a number, found 'loud'"),
        ("threshold_dbfs: .nan", "2:17: error: gate.threshold_dbfs: expected a number, found .nan"),
        ("threshold_dbfs:", "2:16: error: gate.threshold_dbfs: expected a number, found nothing"),
        ("hangovr: 1s", "2:1: error: gate.hangovr: unknown parameter; did you mean 'hangover'?"),
        ("zzzzzz: 1s", "2:1: error: gate.zzzzzz: unknown parameter"),
        ("retries: 0", "2:10: error: gate.retries: 0 is below the minimum of 1"),
        ("retries: 1.5", "2:10: error: gate.retries: expected an integer, found 1.5"),
        ("loud: yes", "2:7: error: gate.loud: expected true or false, found 'yes'"),
        (
            "hangover: 200",
            "2:11: error: gate.hangover: expected a duration such as 200ms, found 200; add a unit: us, ms, s, m, h or d"
        ),
        ("hangover: 3s", "2:11: error: gate.hangover: 3s is outside 0s...2s"),
        ("hangover: -1s", "2:11: error: gate.hangover: expected a duration such as 200ms, found '-1s'"),
        (
            "when_full: drop_oldst",
            "2:12: error: gate.when_full: expected block or drop_oldest, found 'drop_oldst'; did you mean 'drop_oldest'?"
        ),
        (
            "api_key: ''",
            "2:10: error: gate.api_key: the secret is empty; write ${VARIABLE} and set it in the environment or in .env"
        ),
        ("words: 3", "2:8: error: gate.words: expected text, found 3; put it in quotes"),
        ("filter: {cutoff_hz: 1}", "2:21: error: gate.filter.cutoff_hz: 1 is outside 20...20000"),
        ("filter: 3", "2:9: error: gate.filter: expected parameters as 'key: value', found 3"),
        (
            "filters: [{}, {cutof_hz: 100}]",
            "2:16: error: gate.filters[1].cutof_hz: unknown parameter; did you mean 'cutoff_hz'?"
        ),
        ("ratios: 0.5", "2:9: error: gate.ratios: expected a list, found 0.5; write [0.5]"),
        ("ratios: [0.5, 2]", "2:15: error: gate.ratios[1]: 2 is outside 0...1"),
        ("labels: {a: 10}", "2:13: error: gate.labels.a: 10 is outside 0...9"),
        ("labels: [1]", "2:9: error: gate.labels: expected a mapping, found a list"),
        ("limit: 0", "2:8: error: gate.limit: 0 is outside 1...100"),
        ("hangover: 2s", "2:11: error: gate.hangover: more than 1s needs 'when_full: drop_oldest'"),
    ])
    func saysWhereAndWhatIsWrong(line: String, problem: String) {
        let (value, problems) = decode("name: x\n\(line)\n")
        #expect(value == nil)
        #expect(problems == [problem])
    }

    @Test func reportsWarningsWithoutRefusing() {
        let (value, problems) = decode("name: x\nloud: true\n")
        #expect(value?.isLoud == true)
        #expect(problems == ["2:7: warning: gate.loud: shouting annoys callers"])
    }

    @Test func reportsAllProblemsTogether() {
        let (value, problems) = decode("loud: 1\nloud: true\nhangovr: 1s\nratios: [2, x]\n")
        #expect(value == nil)
        #expect(
            problems == [
                "1:1: error: gate.name: required but missing; add 'name: front desk'",
                "1:7: error: gate.loud: expected true or false, found 1",
                "2:1: error: the key 'loud' is already at line 1; remove one of the two",
                "3:1: error: gate.hangovr: unknown parameter; did you mean 'hangover'?",
                "4:10: error: gate.ratios[0]: 2 is outside 0...1",
                "4:13: error: gate.ratios[1]: expected a number, found 'x'",
            ])
    }

    @Test func saysThatThereAreNoParameters() {
        var diagnostics = Diagnostics()
        let node = YAMLReader().read("a: 1", file: "a.yaml", into: &diagnostics)
        #expect(NoParameters.decode(node, path: "tee", at: SourceMark(file: "a.yaml"), into: &diagnostics) == nil)
        #expect(diagnostics.all.map(\.message) == ["unknown parameter; there are none here"])
    }

    @Test func namesButDoesNotShowWhatCameFromTheEnvironment() {
        var diagnostics = Diagnostics()
        let mark = SourceMark(file: "a.yaml")
        let scalar = YAMLScalar("s3cret", original: "${PORT}")
        let pair = YAMLPair(key: "retries", keyMark: mark, value: YAMLNode(.scalar(scalar), at: mark))
        let node = YAMLNode(.mapping([pair]), at: mark)
        _ = ExampleParameters.decode(node, path: "gate", at: mark, into: &diagnostics)
        #expect(diagnostics.all.map(\.message).contains("expected an integer, found the value of '${PORT}'"))
        #expect(!diagnostics.rendered().contains("s3cret"))
    }

    @Test(
        arguments: [
            ("0s", .zero), ("250us", .microseconds(250)), ("200ms", .milliseconds(200)), ("1.5s", .milliseconds(1500)),
            ("2m", .seconds(120)), ("60s", .seconds(60)), ("1h", .seconds(3600)), ("90s", .seconds(90)),
            ("0.5us", .nanoseconds(500)), ("30d", .seconds(2_592_000)), ("36h", .seconds(129_600)),
            ("24h", .seconds(86_400)),
            ("1.25ms", .microseconds(1250)),
        ] as [(String, Duration)])
    func readsAndWritesDurations(text: String, duration: Duration) {
        #expect(Duration(parameterText: text) == duration)
        #expect(duration.parameterText == text)
    }

    @Test(arguments: [
        "", "s", "1", "1.s", ".5s", "1..5s", "1 s", "1S", "1sec", "-1s", "1.2.3s", "99999999999999h", "٣s",
        "999999999999999999999999999999s", "1e3s", "\u{0}1s",
    ])
    func refusesWhatIsNoDuration(text: String) {
        #expect(Duration(parameterText: text) == nil)
    }
}
