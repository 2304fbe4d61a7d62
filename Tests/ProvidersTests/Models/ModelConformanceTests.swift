// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

/// Every adapter for models does what every processor must, with a provider that answers.
@Suite struct ModelConformanceTests {
    private static let answers = [
        "openai_llm": RecordedAnswer.openAI, "openai_responses_llm": .openAIResponses, "anthropic_llm": .anthropic,
        "ollama_llm": .ollama,
    ]

    @Test(arguments: answers.keys.sorted()) func behaves(name: String) throws {
        var registry = ProcessorRegistry()
        registry.addProviders()
        let processor = try #require(registry.processor(name))
        let answer = try #require(Self.answers[name])
        let network = DoubleNetwork()
        network.routes.add(Recorded(body: answer.body))
        let conformance = ProcessorConformance(processor) { $0.lend(network, as: (any ProviderNetwork).self) }
        #expect(conformance.problems().isEmpty)
        #expect(network.journal.isClean)
    }
}
