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
        addFlowProcessors()
        addBuiltinTools()
    }

    private mutating func addAudioProcessors() {
        add(AudioConverter.self)
        add(Resampler.self)
        add(G711Encoder.self)
        add(G711Decoder.self)
        add(OpusEncoder.self)
        add(OpusDecoder.self)
        add(Gain.self)
        add(LevelMeter.self)
        add(Mixer.self)
        add(GapFiller.self)
        add(Recorder.self)
        add(DTMFTones.self)
        add(DTMFDetector.self)
        setConverter(AudioConverter.self) { AudioConverter(AudioConverter.Parameters($0)) }
    }

    private mutating func addVoiceActivityProcessors() {
        add(EnergyVAD.self)
        add(SileroVAD.self)
    }

    private mutating func addConversationProcessors() {
        add(Keypad.self)
        add(Turn.self)
        add(UserContext.self)
        add(TextFilter.self)
        add(Sentences.self)
        add(AssistantContext.self)
        add(Tools.self)
    }

    private mutating func addSpeechProcessors() {
        add(PocketsphinxSTT.self)
        add(RulesLLM.self)
        add(FliteTTS.self)
        add(EspeakTTS.self)
    }

    private mutating func addBuiltinTools() {
        add(EndCall.self)
        add(TransferCall.self)
        add(SendDTMF.self)
    }

    private mutating func addFlowProcessors() {
        add(Tee.self)
        add(Join.self)
        add(Filter.self)
        add(Switch.self)
        add(Delay.self)
        add(EnergyGate.self)
        add(Echo.self)
        add(Tone.self)
    }
}
