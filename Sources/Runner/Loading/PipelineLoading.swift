// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension RunnerContext {
    /// Loads a pipeline; what is wrong with it is printed.
    ///
    /// - Throws: ``ExitStatus/problems`` when it cannot be run.
    func load(_ path: String, overrides: [String] = []) throws -> Pipeline {
        var diagnostics = Diagnostics()
        let reader = PipelineReader(environment: environment, overrides: overrides)
        let pipeline = Pipeline.load(path: path, registry: registry, reader: reader, into: &diagnostics)
        if !diagnostics.isEmpty { output.error(diagnostics.rendered()) }
        guard let pipeline else { throw ExitStatus.problems }
        return pipeline
    }
}
