// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension CarrierCall {
    private static let keyTime = Duration.milliseconds(100)
    private static let endOfSpeech = Duration.milliseconds(800)

    /// Waits for keys or speech, and reports them.
    func perform(_ gather: TwiMLVerb.Gather) async throws -> Step {
        var action: CallerMachine.Action?
        for verb in gather.prompts where action == nil {
            note(.verb(verb.name))
            action = try await prompt(verb, listening: gather.bargeIn)
        }
        let deadline = lineTime + gather.timeout
        while true {
            if action == nil, lineTime < deadline { action = try await listen(for: deadline - lineTime) }
            switch action {
            case .speak(let step):
                let text = try await letSpeak(step)
                try await pass(gather.speechTimeout ?? Self.endOfSpeech)
                guard gather.takesSpeech, !text.isEmpty else { break }
                return self.step(
                    to: gather.action, [FormField("SpeechResult", text), FormField("Confidence", "0.9234375")])
            case .press(let keys):
                let digits = try await takeKeys(keys, gather)
                guard gather.takesKeys else { break }
                return self.step(to: gather.action, digits)
            case .hangUp, nil: return nothing(gather)
            }
            action = nil
        }
    }

    private func nothing(_ gather: TwiMLVerb.Gather) -> Step {
        guard gather.actionOnEmptyResult else { return .next }
        let fields = gather.takesSpeech ? [FormField("SpeechResult", "")] : []
        return step(to: gather.action, fields + (gather.takesKeys ? [FormField("Digits", "")] : []))
    }

    /// Takes keys until the finishing one, or as many as are wanted; without either, until the timeout.
    private func takeKeys(_ keys: [Character], _ gather: TwiMLVerb.Gather) async throws -> [FormField] {
        note(.callerPressed(String(keys)))
        var digits = ""
        var finish: Character?
        for key in keys {
            try await pass(Self.keyTime)
            if gather.finishOnKey.contains(key) {
                finish = key
                break
            }
            digits.append(key)
            if digits.count == gather.numDigits { break }
        }
        if finish == nil, digits.count != gather.numDigits { try await pass(gather.timeout) }
        caller.finished(at: lineTime)
        return [FormField("Digits", digits)] + (finish.map { [FormField("FinishedOnKey", String($0))] } ?? [])
    }
}
