// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension RunnerContext {
    /// Loads a pipeline; what is wrong with it is printed.
    ///
    /// - Parameters:
    ///   - placeholder: See ``PipelineReader/placeholder``.
    ///   - change: Changes what the file says before it is looked at.
    /// - Throws: ``ExitStatus/problems`` when it cannot be run.
    func load(
        _ path: String, overrides: [String] = [], placeholder: String? = nil,
        change: (inout PipelineDocument) -> Void = { _ in }
    ) throws -> Pipeline {
        var diagnostics = Diagnostics()
        var reader = PipelineReader(environment: environment, overrides: overrides)
        reader.placeholder = placeholder
        let pipeline = reader.read(path: path, into: &diagnostics).flatMap { document in
            var document = document
            change(&document)
            return Pipeline.load(document, registry: registry, into: &diagnostics)
        }
        if !diagnostics.isEmpty { output.error(diagnostics.rendered()) }
        guard let pipeline else { throw ExitStatus.problems }
        return pipeline
    }
}
