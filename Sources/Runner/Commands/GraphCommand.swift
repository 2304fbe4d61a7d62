// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit

/// `runner graph FILE`.
struct GraphCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Shows how a pipeline's processors are linked, and what every queue may hold.",
        discussion: """
            Converters that were put in because only the audio format differs are shown too. Calls that bring text leave
            out what makes sense with audio only.

              runner graph agent.yaml
              runner graph agent.yaml --transport twilio
              runner graph agent.yaml --format svg > agent.svg
            """)

    /// How the graph is drawn.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, dot, svg, json
    }

    @Argument(help: "The pipeline file.")
    var file: String

    @Option(help: "The transport whose calls are shown; the file's first one unless set.")
    var transport: String?

    @Option(help: "text, dot (Graphviz), svg or json.")
    var format = Format.text

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override a parameter, as in brain.temperature=0.2.", valueName: "id.key=value"))
    var overrides: [String] = []

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let pipeline = try context.load(file, overrides: overrides)
        let plan = try pipeline.plan(for: try formats(pipeline, context)).plan
        let drawing = GraphDrawing(plan)
        switch format {
        case .text: context.output.write(drawing.text)
        case .dot: context.output.write(drawing.dot)
        case .svg: context.output.write(drawing.svg)
        case .json: context.output.json(drawing.json)
        }
        return .good
    }

    private func formats(_ pipeline: Pipeline, _ context: RunnerContext) throws -> CallFormats {
        guard let transport else {
            return pipeline.transports.first?.nominalFormats ?? CallFormats(input: .wideband, output: .wideband)
        }
        if let named = pipeline.transports.first(where: { type(of: $0).name == transport }) {
            return named.nominalFormats
        }
        let names = pipeline.transports.map { type(of: $0).name }
        let remedy = Suggestion.remedy(for: transport, among: names, listing: true)
        context.output.error("runner: \(file) names no transport called '\(transport)'\(remedy)")
        throw ExitStatus.problems
    }
}
