// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// The contexts of one socket of ElevenLabs' `multi-stream-input`: one for each sentence, so that what comes late for a
/// sentence that was broken off is known by its name and refused.
///
/// A context that was closed counts as open until the server says that it is final; the sixth would end the socket.
struct ElevenLabsContexts: SpeechDialogue {
    /// Contexts that a socket may have, with one to spare.
    private static let limit = 4

    private let settings: JSONValue
    private var count = 0
    private var current: String?
    /// Contexts that were closed and are not final.
    private var closing: Set<String> = []

    /// Begins a socket.
    ///
    /// - Parameter settings: The `voice_settings`; no members for the voice's own.
    init(settings: JSONValue) { self.settings = settings }

    var isExhausted: Bool { closing.count >= Self.limit }

    mutating func speak(_ text: String) -> [String] {
        count += 1
        let name = "s\(count)"
        current = name
        var opening: [JSONValue.Member] = [.init("text", " "), .init("context_id", .string(name))]
        if settings.members?.isEmpty == false { opening.append(.init("voice_settings", settings)) }
        let sentence: JSONValue = ["text": .string(text + " "), "context_id": .string(name), "flush": true]
        let closing: JSONValue = ["context_id": .string(name), "close_context": true]
        return [JSONValue.object(opening), sentence, closing].map(\.description)
    }

    /// The context was closed when the sentence was asked for, so that the server ends it by itself.
    mutating func breakOff() -> [String] {
        if let current { closing.insert(current) }
        current = nil
        return []
    }

    mutating func take(_ message: ProviderMessage) throws(ProviderError) -> SpeechReply {
        guard case .text(let bytes) = message else { return .nothing }
        let message = try ElevenLabsMessage(bytes)
        guard let context = message.context, context == current else {
            if message.isFinal, let context = message.context { closing.remove(context) }
            return .nothing
        }
        if message.isFinal { current = nil }
        return SpeechReply(parts: message.parts, isLast: message.isFinal)
    }
}
