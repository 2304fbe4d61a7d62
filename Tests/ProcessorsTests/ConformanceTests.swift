// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// Every processor of the library does what every processor must.
@Suite struct ConformanceTests {
    private static let processors: [ProcessorDescriptor] = {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        return registry.processors
    }()

    /// Runs a program, which takes real time: a virtual clock would run ahead of it.
    private static let takesRealTime: Set<String> = ["espeak_tts"]

    /// What a template cannot bring: a file of the user's.
    private static func parameters(_ name: String) throws -> String? {
        switch name {
        case "rules_llm": "rules: \(FrontDesk.path)"
        case "recorder": "path: \(try TemporaryFile.path("conformance", suffix: ".wav"))"
        case "pocketsphinx_stt": "grammar: \(try SpokenCommands.parameters().grammar?.path ?? "")"
        default: nil
        }
    }

    /// Whether what the processor works with is installed.
    private static func isInstalled(_ name: String) -> Bool {
        switch name {
        case "silero_vad": SileroModel.find() != nil
        case "pocketsphinx_stt": SpokenCommands.isModelInstalled
        default: true
        }
    }

    @Test(arguments: processors.map(\.name))
    func isDeclaredSoundly(name: String) throws {
        let processor = try #require(Self.processors.first { $0.name == name })
        #expect(ProcessorConformance(processor).declarationProblems() == [])
    }

    @Test(arguments: processors.map(\.name).filter { !takesRealTime.contains($0) && isInstalled($0) })
    func behaves(name: String) throws {
        let processor = try #require(Self.processors.first { $0.name == name })
        #expect(ProcessorConformance(processor, parameters: try Self.parameters(name)).behaviourProblems() == [])
    }

    @Test func exceptionsAreStillThere() {
        #expect(Self.takesRealTime.isSubset(of: Self.processors.map(\.name)))
    }
}
