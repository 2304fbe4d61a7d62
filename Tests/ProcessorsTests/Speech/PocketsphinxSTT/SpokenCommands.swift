// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// A grammar, parameters that listen for it, and a caller who speaks with flite's voice.
enum SpokenCommands {
    static let isModelInstalled = access(PocketsphinxConfiguration.Model().dictionary, R_OK) == 0
    static let reason: Comment = "the package pocketsphinx-en-us is not installed"

    /// Parameters for `go forward ten meters` and the like.
    static func parameters(
        _ grammar: String = "public <command> = go (forward | backward) [(one | two | five | ten) meters];"
    ) throws -> PocketsphinxSTT.Parameters {
        let path = try TemporaryFile.path("#JSGF V1.0; grammar commands; \(grammar)", suffix: ".jsgf")
        return changed(PocketsphinxSTT.Parameters()) { $0.grammar = FileReference(path) }
    }

    /// The audio of a text.
    static func audio(_ text: String) throws -> Audio {
        Audio(format: .wideband, samples: try FliteVoice(.rms).samples(of: text))
    }
}
