// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit

/// `runner list`.
struct ListCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the processors and transports that pipeline files may name.",
        discussion: "Parameters and an example of each: runner describe NAME")

    @Flag(help: "Print one JSON object.")
    var json = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        if json {
            context.output.json([
                "processors": .array(context.registry.processors.map(\.summaryJSON)),
                "transports": .array(
                    context.registry.transports.map { ["name": .string($0.name), "summary": .string($0.summary)] }),
            ])
            return .good
        }
        var processors = TextTable([("processor", .left), ("kind", .left), ("", .left)])
        for processor in context.registry.processors {
            processors.add([processor.name, processor.kind, processor.summary])
        }
        var transports = TextTable([("transport", .left), ("", .left)])
        for transport in context.registry.transports { transports.add([transport.name, transport.summary]) }
        context.output.write(processors.text + "\n" + transports.text)
        return .good
    }
}

extension ProcessorDescriptor {
    /// What kind of node it is: `source`, `sink`, `service` or `processor`.
    var kind: String {
        switch endpoint {
        case .source: "source"
        case .sink: "sink"
        case nil: isService ? "service" : "processor"
        }
    }

    fileprivate var summaryJSON: JSONValue {
        ["name": .string(name), "kind": .string(kind), "summary": .string(summary)]
    }
}
