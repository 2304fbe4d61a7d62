// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension CarrierCall {
    private static let beep = Duration.milliseconds(500)

    /// Records what the caller says, and reports where it can be had.
    ///
    /// A recording without speech is none: the next verb follows, as with the carrier.
    func perform(_ record: TwiMLVerb.Record) async throws -> Step {
        try await pass(Self.beep)
        let start = lineTime
        var texts: [String] = []
        var samples: [UInt8] = []
        var finish = ""
        do {
            while finish.isEmpty, lineTime - start < record.maxLength {
                guard let action = try await listen(for: record.timeout) else { break }
                switch action {
                case .speak(let step):
                    samples += setup.party.sound.steps[step]?.samples ?? silence(speakingTime(step))
                    texts.append(try await letSpeak(step))
                case .press(let keys):
                    note(.callerPressed(String(keys)))
                    caller.finished(at: lineTime)
                    finish = keys.first { record.finishOnKey.contains($0) }.map { String($0) } ?? ""
                case .hangUp: break
                }
            }
        } catch is CancellationError {
            guard !texts.isEmpty else { throw CancellationError() }
            // What was recorded is reported although nobody is there any more.
            report(record, texts, samples, lineTime - start, digits: "hangup")
            throw CancellationError()
        }
        guard !texts.isEmpty else { return .next }
        let fields = report(record, texts, samples, lineTime - start, digits: finish)
        return step(to: record.action, fields)
    }

    private func silence(_ duration: Duration) -> [UInt8] {
        [UInt8](repeating: PlaybackQueue.silence, count: duration.sampleCount(rate: 8000))
    }

    /// Keeps a recording and sets its reports on their way; returns the fields for the action.
    @discardableResult
    private func report(
        _ record: TwiMLVerb.Record, _ texts: [String], _ samples: [UInt8], _ length: Duration, digits: String
    ) -> [FormField] {
        let (sid, url) = environment.recordings.add(samples, account: environment.account.sid)
        let seconds = String(max(1, Int(length.components.seconds)))
        let recording = [
            FormField("RecordingUrl", url), FormField("RecordingSid", sid), FormField("RecordingDuration", seconds),
        ]
        let names = [FormField("AccountSid", environment.account.sid), FormField("CallSid", self.sid)]
        if let callback = record.recordingStatusCallback.flatMap(address) {
            let status = [
                FormField("RecordingStatus", "completed"), FormField("RecordingChannels", "1"),
                FormField("RecordingSource", "RecordVerb"),
            ]
            later(after: .zero, names + recording + status, to: callback)
        }
        if record.transcribes, let callback = record.transcribeCallback.flatMap(address) {
            let text = texts.joined(separator: " ")
            let transcription = [
                FormField("TranscriptionSid", CarrierSID.make("TR")), FormField("TranscriptionText", text),
                FormField("TranscriptionStatus", text.isEmpty ? "failed" : "completed"),
            ]
            later(after: environment.transcriptionDelay, standardFields() + transcription + recording, to: callback)
        }
        return recording + (digits.isEmpty ? [] : [FormField("Digits", digits)])
    }

    private func later(after delay: Duration, _ fields: [FormField], to url: String) {
        transcriptions.append(
            Task {
                try? await environment.clock.sleep(until: environment.clock.now + delay)
                await report(fields, to: url)
            })
    }
}
