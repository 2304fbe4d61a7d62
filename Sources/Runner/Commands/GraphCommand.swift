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
            Converters that were put in because only the audio format differs are shown too.

              runner graph agent.yaml
              runner graph agent.yaml --format svg > agent.svg
            """)

    /// How the graph is drawn.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, dot, svg, json
    }

    @Argument(help: "The pipeline file.")
    var file: String

    @Option(help: "text, dot (Graphviz), svg or json.")
    var format = Format.text

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override a parameter, as in brain.temperature=0.2.", valueName: "id.key=value"))
    var overrides: [String] = []

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let pipeline = try context.load(file, overrides: overrides)
        let wideband = CallFormats(input: .wideband, output: .wideband)
        let plan = try pipeline.plan(for: pipeline.transports.first?.nominalFormats ?? wideband).plan
        let drawing = GraphDrawing(plan)
        switch format {
        case .text: context.output.write(drawing.text)
        case .dot: context.output.write(drawing.dot)
        case .svg: context.output.write(drawing.svg)
        case .json: context.output.json(drawing.json)
        }
        return .good
    }
}
