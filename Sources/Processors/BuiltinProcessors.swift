// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension ProcessorRegistry {
    /// Adds every processor of this library, one line each.
    public mutating func addBuiltinProcessors() {
        addAudioProcessors()
        addVoiceActivityProcessors()
        addConversationProcessors()
        addSpeechProcessors()
    }

    private mutating func addAudioProcessors() {
        add(AudioConverter.self)
        setConverter(AudioConverter.self) { AudioConverter(AudioConverter.Parameters($0)) }
    }

    private mutating func addVoiceActivityProcessors() {
        add(EnergyVAD.self)
        add(SileroVAD.self)
    }

    private mutating func addConversationProcessors() {
        add(Turn.self)
        add(UserContext.self)
        add(Sentences.self)
        add(AssistantContext.self)
    }

    private mutating func addSpeechProcessors() {
        add(PocketsphinxSTT.self)
        add(FliteTTS.self)
        add(EspeakTTS.self)
    }
}
