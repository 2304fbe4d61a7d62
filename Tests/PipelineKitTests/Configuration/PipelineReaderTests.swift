// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct PipelineReaderTests {
    private func read(
        _ text: String, file: String = "desk.yaml", environment: [String: String] = [:], overrides: [String] = []
    ) -> (document: PipelineDocument?, problems: [String]) {
        var diagnostics = Diagnostics()
        let reader = PipelineReader(environment: environment, overrides: overrides)
        let document = reader.read(text, file: file, into: &diagnostics)
        return (document, diagnostics.all.map(\.description))
    }

    private let desk = """
        pipeline: desk
        transports:
          - phone: {port: 5061}
          - file: {}
        limits: {sessions: 7, idle: 30s}
        processors:
          - caller:
          - gate: {hangover: 1s}
            queue: {capacity: 9}
          - think: {prompt: Hello.}
            id: brain
            on_error: {restart: {attempts: 2, within: 10s}}
          - speaker:
            queue: {when_full: drop_oldest}
          - record: {path: "calls/${session.id}.wav"}
            after: [caller, speaker]
            on_error: continue
        tests:
          - {name: greets}
        """

    @Test func readsEveryPart() throws {
        let (read, problems) = read(desk)
        #expect(problems == [])
        let document = try #require(read)
        #expect(document.name == "desk")
        #expect(document.transports.map(\.name) == ["phone", "file"])
        #expect(document.transports[0].parameters?["port"]?.scalar?.value == .integer(5061))
        #expect(document.limits.sessions == 7)
        #expect(document.limits.session.idle == .seconds(30))
        #expect(document.limits.session.drain == SessionLimits().drain)
        #expect(document.entries.map(\.id) == ["caller", "gate", "brain", "speaker", "record"])
        #expect(document.entries.map(\.name) == ["caller", "gate", "think", "speaker", "record"])
        #expect(
            document.entries.map { $0.after.map(\.id) } == [
                [], ["caller"], ["gate"], ["brain"], ["caller", "speaker"],
            ])
        #expect(document.entries[2].mark == SourceMark(file: "desk.yaml", line: 10, column: 5))
        #expect(document.entries[2].idMark == SourceMark(file: "desk.yaml", line: 11, column: 9))
        #expect(document.tests.map { $0["name"]?.scalar?.text } == ["greets"])
    }

    @Test func changesOnlyWhatTheFileSaysOfAQueue() throws {
        let document = try #require(read(desk).document)
        let own = QueueSettings(capacity: 64, whenFull: .keepLatest)
        #expect(document.entry("gate")?.queue.applied(to: own) == QueueSettings(capacity: 9, whenFull: .keepLatest))
        #expect(document.entry("gate")?.queue.applied(to: nil)?.capacity == 9)
        #expect(document.entry("speaker")?.queue.applied(to: own) == QueueSettings(capacity: 64, whenFull: .dropOldest))
        #expect(document.entry("caller")?.queue.applied(to: nil) == nil)
    }

    @Test func understandsErrorPolicies() throws {
        let document = try #require(read(desk).document)
        #expect(document.entry("brain")?.onError == .restart(attempts: 2, period: .seconds(10)))
        #expect(document.entry("record")?.onError == .continue)
        #expect(document.entry("gate")?.onError == nil)
        let (other, problems) = read(
            "pipeline: a\nprocessors:\n  - x:\n    on_error: {failover: [{y: {z: 1}}, {w: }]}\n")
        #expect(problems == [])
        #expect(other?.entries[0].onError == .failover)
        #expect(other?.entries[0].alternatives.map(\.name) == ["y", "w"])
        #expect(other?.entries[0].answerWithin == nil)
    }

    @Test func understandsHowLongAnAnswerIsAwaited() {
        let head = "pipeline: a\nprocessors:\n  - x:\n    on_error: "
        let (document, problems) = read(head + "{failover: [{y: }], answer_within: 1.5s}\n")
        #expect(problems == [])
        #expect(document?.entries[0].onError == .failover)
        #expect(document?.entries[0].answerWithin == .milliseconds(1500))
        #expect(read(head + "{failover: [{y: }], answer_within: 1ms}\n").1.count == 1)
        #expect(read(head + "{restart: {attempts: 2}, answer_within: 1s}\n").1.count == 1)
        #expect(read(head + "{answer_within: 1s}\n").1.count == 1)
    }

    @Test func sortsEntriesBehindTheirInputs() throws {
        let (read, problems) = read(
            "pipeline: a\nprocessors:\n  - a: \n    after: c\n  - b:\n  - c:\n    after: []\n  - d:\n    after: [c, b]\n"
        )
        #expect(problems == [])
        #expect(try #require(read).sortedEntries.map(\.id) == ["c", "a", "b", "d"])
    }

    // MARK: Variables

    @Test func substitutesVariablesAsTextOrAsNumbers() throws {
        let text = """
            pipeline: a
            processors:
              - x:
                  number: ${PORT}
                  flow: {number: "${PORT}", text: " ${PORT}"}
                  url: http://${HOST:-localhost}:${PORT}/
                  price: $5
                  raw: $${PORT}
            """
        let (read, problems) = read(text, environment: ["PORT": "80", "HOST": ""])
        #expect(problems == [])
        let parameters = try #require(read?.entries[0].parameters)
        #expect(parameters["number"]?.scalar?.value == .integer(80))
        #expect(parameters["flow"]?["number"]?.scalar?.value == .integer(80))
        #expect(parameters["flow"]?["text"]?.scalar?.value == .string(" 80"))
        #expect(parameters["url"]?.scalar?.text == "http://localhost:80/")
        #expect(parameters["price"]?.scalar?.text == "$5")
        #expect(parameters["raw"]?.scalar?.text == "${PORT}")
    }

    @Test(arguments: ["{a: 1}", "[1, 2]", "x\ny: 1", "- z", "*alias", "!!int 3", "${OTHER}", "# no"])
    func neverReadsAVariableAsStructure(value: String) throws {
        let text = "pipeline: a\nprocessors:\n  - x:\n      plain: ${VALUE}\n      quoted: '<${VALUE}>'\n"
        let (read, problems) = read(text, environment: ["VALUE": value])
        #expect(problems == [])
        let parameters = try #require(read?.entries[0].parameters)
        #expect(parameters.mapping?.count == 2)
        #expect(parameters["plain"]?.scalar?.value == .string(value))
        #expect(parameters["quoted"]?.scalar?.text == "<\(value)>")
    }

    @Test func leavesWhatBelongsToTheSession() throws {
        let document = try #require(read(desk).document)
        #expect(document.entry("record")?.parameters?["path"]?.scalar?.text == "calls/${session.id}.wav")
    }

    @Test func canTolerateMissingVariables() {
        var diagnostics = Diagnostics()
        let reader = PipelineReader(missingVariables: .warning)
        let text = "pipeline: a\nlimits: {sessions: '${MANY}'}\nprocessors:\n  - x:\n"
        let document = reader.read(text, file: "a.yaml", into: &diagnostics)
        #expect(document?.limits.sessions == 100)
        #expect(diagnostics.all.map(\.severity) == [.warning])
    }

    @Test func readsTheEnvironmentFileBesideThePipeline() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            """
            # Keys
            export KEY = plain value # a comment
            QUOTED="two\\nlines" # another
            SINGLE='as $is # it "is'
            OWN=from file
            EMPTY=
            KEY2=a#b
            """, to: ".env")
        let keys = ["KEY", "QUOTED", "SINGLE", "OWN", "EMPTY", "KEY2"]
        let parameters = keys.map { "\($0): '${\($0)}'" }.joined(separator: ", ")
        try directory.write("pipeline: a\nprocessors:\n  - x: {\(parameters)}\n", to: "a.yaml")
        var diagnostics = Diagnostics()
        let reader = PipelineReader(environment: ["OWN": "from environment"])
        let document = reader.read(path: directory.path("a.yaml"), into: &diagnostics)
        #expect(diagnostics.all.map(\.description) == [])
        let values = keys.map { document?.entries[0].parameters?[$0]?.scalar?.text }
        #expect(values == ["plain value", "two\nlines", "as $is # it \"is", "from environment", "", "a#b"])
    }

    @Test func locatesWhatIsWrongInTheEnvironmentFileWithoutShowingIt() throws {
        let directory = try TemporaryDirectory()
        try directory.write("A=1\nsesame open\nB=\"unclosed\n1C=2\n", to: ".env")
        try directory.write("pipeline: a\nprocessors:\n  - x:\n", to: "a.yaml")
        var diagnostics = Diagnostics()
        _ = PipelineReader().read(path: directory.path("a.yaml"), into: &diagnostics)
        #expect(diagnostics.all.map(\.mark.line) == [2, 3, 4])
        #expect(!diagnostics.rendered().contains("sesame"))
    }

    // MARK: Overrides and includes

    @Test func overridesParametersLimitsAndTransports() throws {
        let overrides = [
            "brain.temperature=0.2", "brain.prompt='Be brief: now'", "brain.deep.er=[1, 2]", "gate.hangover=",
            "limits.idle=10s", "phone.port=1", "caller.x='7'",
        ]
        let (read, problems) = read(desk, overrides: overrides)
        #expect(problems == [])
        let document = try #require(read)
        let brain = try #require(document.entry("brain")?.parameters)
        #expect(brain["temperature"]?.scalar?.value == .number(0.2))
        #expect(brain["deep"]?["er"]?.sequence?.count == 2)
        #expect(brain["temperature"]?.mark == SourceMark(file: "--set", line: 1, column: 19))
        #expect(document.entry("gate")?.parameters?["hangover"]?.isNull == true)
        #expect(document.limits.idle == .seconds(10))
        #expect(document.limits.sessions == 7)
        #expect(document.transports[0].parameters?["port"]?.scalar?.value == .integer(1))
        #expect(document.entry("caller")?.parameters?["x"]?.scalar?.value == .string("7"))
    }

    @Test func overridesWhatStandsBesideAProcessor() throws {
        let overrides = [
            "brain.queue.capacity=5", "brain.queue.when_full=drop_newest", "brain.on_error=continue",
            "speaker.after=[caller, brain]", "gate.on_error.restart.attempts=9", "records.keep=7d",
        ]
        let (read, problems) = read(desk, overrides: overrides)
        #expect(problems == [])
        let document = try #require(read)
        #expect(document.entry("brain")?.queue.capacity == 5)
        #expect(document.entry("brain")?.queue.whenFull == .dropNewest)
        #expect(document.entry("brain")?.onError == .continue)
        #expect(document.entry("speaker")?.after.map(\.id) == ["caller", "brain"])
        #expect(document.entry("gate")?.onError == .restart(attempts: 9, period: .seconds(60)))
        #expect(document.records.keep == .seconds(7 * 86_400))
    }

    @Test func mergesIncludedFilesUnderTheOneThatIncludesThem() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            """
            pipeline: base
            limits: {sessions: 3, idle: 9s}
            transports: [{phone: {port: 1}}]
            processors: [{caller: }, {gate: {hangover: 1s}}, {speaker: }]
            tests: [{name: first}]
            """, to: "base.yaml")
        try directory.write("include: [base.yaml]\nprocessors: [{gate: {}, id: second}]\n", to: "middle.yaml")
        try directory.write(
            """
            include: [middle.yaml, base.yaml]
            pipeline: desk
            limits: {sessions: 5}
            transports: [{file: {}}, {phone: {port: 2}}]
            processors: [{gate: {hangover: 2s}}, {think: }]
            tests: [{name: last}]
            """, to: "desk.yaml")
        var diagnostics = Diagnostics()
        let path = directory.path("desk.yaml")
        let document = try #require(PipelineReader().read(path: path, into: &diagnostics))
        #expect(diagnostics.all.map(\.description) == [])
        #expect(document.name == "desk")
        #expect(document.limits.sessions == 5)
        #expect(document.limits.idle == .seconds(9))
        #expect(document.transports.map(\.name) == ["phone", "file"])
        #expect(document.transports[0].parameters?["port"]?.scalar?.value == .integer(2))
        #expect(document.entries.map(\.id) == ["caller", "gate", "speaker", "second", "think"])
        #expect(document.entry("gate")?.parameters?["hangover"]?.scalar?.text == "2s")
        #expect(document.entry("gate")?.mark.file == path)
        #expect(document.entry("second")?.mark.file == directory.path("middle.yaml"))
        #expect(document.tests.map { $0["name"]?.scalar?.text } == ["first", "last"])
    }

    @Test func compilesIntoAPlanInTheOrderOfTheGraph() throws {
        var diagnostics = Diagnostics()
        let text = """
            pipeline: desk
            limits: {idle: 33s}
            processors:
              - caller:
              - listen:
              - think: {prompt: Be kind.}
                queue: {capacity: 5, when_full: drop_newest}
              - talk:
              - speaker:
              - gate:
                after: [speaker, caller]
                on_error: continue
            """
        let document = try #require(PipelineReader().read(text, file: "a.yaml", into: &diagnostics))
        let formats = CallFormats(input: .wideband, output: .wideband)
        let compiler = PipelineCompiler(registry: DeskProcessors.registry)
        let plan = try #require(compiler.compile(document, formats: formats, into: &diagnostics)).plan
        #expect(diagnostics.all.map(\.description) == [])
        #expect(plan.name == "desk")
        #expect(plan.limits.idle == .seconds(33))
        #expect(plan.nodes.map(\.id) == ["caller", "listen", "think", "talk", "speaker", "gate"])
        #expect(plan.nodes.map(\.inputs) == [[], [0], [1], [2], [3], [4, 0]])
        #expect(plan.nodes[2].queue == QueueSettings(capacity: 5, whenFull: .dropNewest))
        #expect(plan.nodes.map(\.onError) == [.end, .end, .end, .end, .end, .continue])
    }

    @Test func putsAConverterWhereOnlyTheFormatDiffers() throws {
        var diagnostics = Diagnostics()
        let text = "pipeline: desk\nprocessors: [{caller: }, {listen: }, {pass: }]\n"
        let document = try #require(PipelineReader().read(text, file: "a.yaml", into: &diagnostics))
        var registry = DeskProcessors.registry
        registry.setConverter(DeskProcessors.Pass.self) { _ in DeskProcessors.Pass(NoParameters()) }
        let compiler = PipelineCompiler(registry: registry)
        let formats = CallFormats(input: .telephone, output: .telephone)
        let plan = try #require(compiler.compile(document, formats: formats, into: &diagnostics)).plan
        #expect(diagnostics.all.map(\.description) == [])
        #expect(plan.nodes.map(\.name) == ["caller", "pass", "listen", "pass"])
        #expect(plan.nodes.map(\.inputs) == [[], [0], [1], [2]])
    }
}
