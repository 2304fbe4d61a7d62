// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension ProcessorRegistry {
    /// Adds the adapters of all providers, one line each.
    public mutating func addProviders() {
        addLanguageModels()
        addRecognisers()
        addSynthesisers()
        addTools()
    }

    private mutating func addLanguageModels() {
        add(LanguageModel<OpenAIChat>.self)
        add(LanguageModel<OpenAIResponses>.self)
        add(LanguageModel<AnthropicMessages>.self)
        add(LanguageModel<OllamaChat>.self)
    }

    private mutating func addRecognisers() {
        add(DeepgramSTT.self)
        add(ElevenLabsSTT.self)
        add(OpenAISTT.self)
        add(VoskSTT.self)
        add(WhisperCppSTT.self)
        add(WyomingSTT.self)
    }

    private mutating func addSynthesisers() {
        add(DeepgramTTS.self)
        add(ElevenLabsTTS.self)
        add(OpenAITTS.self)
        add(PiperTTS.self)
        add(CoquiTTS.self)
        add(WyomingTTS.self)
    }

    private mutating func addTools() {
        add(CommandTool.self)
        add(HTTPTool.self)
    }
}
