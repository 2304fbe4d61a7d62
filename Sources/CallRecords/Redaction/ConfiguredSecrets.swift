// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension PipelineDocument {
    /// The secrets that the file sets, of its sections, of transports, of processors and of whoever takes their place, so
    /// that none of them is ever written.
    ///
    /// Parameters that cannot be read have none: a pipeline with such does not run.
    public func secrets(_ registry: ProcessorRegistry) -> [String] {
        let processors = entries.flatMap { entry in
            [NamedNode(name: entry.name, mark: entry.mark, parameters: entry.parameters)] + entry.alternatives
        }
        return server.secretValues + records.secretValues + limits.secretValues
            + transports.flatMap { Self.secrets($0, registry.transport($0.name)?.schema) }
            + processors.flatMap { Self.secrets($0, registry.processor($0.name)?.schema) }
    }

    private static func secrets(_ named: NamedNode, _ schema: AnyParameterSchema?) -> [String] {
        // What is wrong with the parameters is reported when the pipeline is loaded.
        var diagnostics = Diagnostics()
        let parameters = schema?.decode(named.parameters, path: named.name, at: named.mark, into: &diagnostics)
        return parameters?.secretValues ?? []
    }
}
