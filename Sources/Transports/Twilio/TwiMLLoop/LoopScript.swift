// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Writes what Twilio is told in a call of the loop.
struct LoopScript: Sendable {
    /// A part of what the agent says.
    enum Part: Sendable, Equatable {
        case words(String)
        case recording(MediaToPlay)
    }

    let parameters: LoopParameters
    /// What Twilio says first, in the place of the agent's first words.
    let greeting: String?
    let addresses: LoopAddresses
    /// What is spoken; changes with the agent's wish.
    var language: String?

    /// Creates the scripts of a call.
    init(_ parameters: LoopParameters, greeting: String? = nil, addresses: LoopAddresses) {
        self.parameters = parameters
        self.greeting = greeting
        self.addresses = addresses
        language = parameters.language
    }

    /// Says something, then listens.
    func ask(_ parts: [Part], step: Int) -> TwiML {
        let prompts = verbs(parts)
        let action = addresses.action(step: step)
        // When nothing came at all Twilio goes on here.
        let fallback = TwiML.Redirect(url: action)
        switch parameters.listening {
        case .gather:
            let gather = TwiML.Gather(
                input: parameters.keys ? "dtmf speech" : "speech", action: action, timeout: parameters.silence,
                language: language, hints: parameters.hints, keyCount: parameters.keyCount, prompts: prompts)
            return TwiML([gather, fallback])
        case .transcription: return TwiML(prompts + [record(action, addresses.transcription), fallback])
        case .recogniser: return TwiML(prompts + [record(action, nil), fallback])
        }
    }

    private func record(_ action: String, _ callback: String?) -> TwiML.Record {
        TwiML.Record(
            action: action, timeout: parameters.silence, maxLength: parameters.maxRecording,
            transcribeCallback: callback)
    }

    /// Waits a moment and comes again.
    func hold(step: Int) -> TwiML {
        TwiML(TwiML.Pause(length: .seconds(1)), TwiML.Redirect(url: addresses.again(step: step)))
    }

    /// Says something, then hangs up.
    func end(_ parts: [Part]) -> TwiML { TwiML(verbs(parts) + [TwiML.Hangup()]) }

    private func verbs(_ parts: [Part]) -> [any TwiMLVerb] {
        parts.flatMap { part -> [any TwiMLVerb] in
            switch part {
            case .words(let text): TwiML.Say.pieces(text, voice: parameters.voice, language: language)
            case .recording(let media): [TwiML.Play(url: media.url, loops: media.loops)]
            }
        }
    }
}
