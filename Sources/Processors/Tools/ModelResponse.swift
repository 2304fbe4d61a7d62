// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What a response of the model has said and called so far.
///
/// A call counts once its response is complete: one that breaks off has called nothing.
struct ModelResponse {
    /// Calls that one response may make.
    static let maxCalls = 16
    private static let maxLength = 16_384

    private(set) var text = ""
    private(set) var calls: [ToolCall] = []
    /// Calls above what a response may make.
    private(set) var refused = 0
    /// Whether interruptions leave it alone.
    private(set) var isUninterruptible = false

    /// Whether nothing was said that can be heard.
    var isSilent: Bool { SpokenText.trimmed(text).isEmpty }

    /// Takes a frame of the response.
    ///
    /// - Returns: Whether it was a call, which goes no further.
    mutating func take(_ frame: Frame) -> Bool {
        if frame[ResponseStarted.self] != nil {
            self = ModelResponse()
            isUninterruptible = frame.header.isUninterruptible
        } else if let piece = frame[ModelText.self]?.text {
            if text.utf8.count + piece.utf8.count <= Self.maxLength { text += piece }
        } else if let call = frame[ToolCall.self] {
            if calls.count < Self.maxCalls { calls.append(call) } else { refused += 1 }
            return true
        }
        return false
    }
}
