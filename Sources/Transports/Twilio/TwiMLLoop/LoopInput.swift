// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What a webhook of the loop brings.
enum LoopInput: Sendable, Equatable {
    /// The call was answered.
    case answered
    /// What the caller said; empty for silence.
    case words(String)
    /// Keys that the caller pressed.
    case keys(String)
    /// A recording of what the caller said.
    case recording(sid: String, url: String)
    /// Twilio comes again, as it was asked to.
    case again

    /// Reads the form of a request to the action of `Gather` or `Record`.
    init(_ field: (String) -> String?) {
        let keys = (field("Digits") ?? "").filter { "0123456789*#".contains($0) }
        let words = field("SpeechResult") ?? field("TranscriptionText")
        if let words, !words.isEmpty {
            self = .words(words)
        } else if field("Digits") != "hangup", !keys.isEmpty {
            self = .keys(keys)
        } else if let url = field("RecordingUrl"), !url.isEmpty, field("RecordingDuration") != "0" {
            self = .recording(sid: field("RecordingSid") ?? url, url: url)
        } else {
            self = .words("")
        }
    }
}

/// The addresses that the documents of a call name.
struct LoopAddresses: Sendable {
    /// The server, without a slash at the end.
    var base: String

    /// Where the caller's words go.
    func action(step: Int) -> String { "\(base)/handle/recording?step=\(step)" }
    /// Where Twilio comes again.
    func again(step: Int) -> String { "\(base)/handle/recording?step=\(step)&again=1" }
    /// Where transcriptions go.
    var transcription: String { "\(base)/handle/transcription" }
}
