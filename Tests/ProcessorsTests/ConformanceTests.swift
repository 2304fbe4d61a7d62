// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Processors
import Testing

/// Every processor of the library does what every processor must.
@Suite struct ConformanceTests {
    private static let processors: [ProcessorDescriptor] = {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        return registry.processors
    }()

    /// What a template cannot bring: a file of the user's, or a program that takes real time.
    private static let needsMore: Set<String> = [
        "rules_llm", "silero_vad", "pocketsphinx_stt", "espeak_tts", "recorder",
    ]

    @Test(arguments: processors.map(\.name))
    func isDeclaredSoundly(name: String) throws {
        let processor = try #require(Self.processors.first { $0.name == name })
        #expect(ProcessorConformance(processor).declarationProblems() == [])
    }

    @Test(arguments: processors.map(\.name).filter { !needsMore.contains($0) })
    func behaves(name: String) throws {
        let processor = try #require(Self.processors.first { $0.name == name })
        #expect(ProcessorConformance(processor).behaviourProblems() == [])
    }

    @Test func exceptionsAreStillThere() {
        #expect(Self.needsMore.isSubset(of: Self.processors.map(\.name)))
    }
}
