// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// A socket on which one sentence after the other is spoken; opened ahead, and again when it was lost.
///
/// A socket that failed, or was late, is closed at once: nothing that it holds can reach a later sentence.
final class SpeechSocket {
    private let client: ProviderClient
    private let request: ProviderRequest
    private let makeDialogue: () -> any SpeechDialogue
    private var socket: (any ProviderSocket)?
    private var dialogue: any SpeechDialogue
    private var sentences = 0
    private var hasBeenOpen = false

    /// Creates a socket that is not open.
    ///
    /// - Parameter dialogue: What passes on a new connection.
    init(_ client: ProviderClient, _ request: ProviderRequest, dialogue: @escaping () -> any SpeechDialogue) {
        self.client = client
        self.request = request
        makeDialogue = dialogue
        self.dialogue = dialogue()
    }

    /// Opens the socket unless it is open.
    ///
    /// - Throws: ``ProviderError``, or `CancellationError`.
    nonisolated(nonsending) func open(_ output: ServiceOutput) async throws {
        guard socket == nil else { return }
        if hasBeenOpen { output.report(.reconnects, 1) }
        socket = try await client.connect(request, output)
        dialogue = makeDialogue()
        hasBeenOpen = true
    }

    /// Asks for a sentence.
    ///
    /// - Throws: ``ProviderError``, or `CancellationError`.
    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        if dialogue.isExhausted { close() }
        try await open(output)
        sentences += 1
        for message in dialogue.speak(text) { socket?.send(text: message) }
        return SpeechSocketAnswer(self, sentence: sentences, since: output.now)
    }

    /// Closes the socket.
    func close() {
        socket?.close()
        socket = nil
        dialogue = makeDialogue()
    }

    /// The next message that has something of a sentence.
    nonisolated(nonsending) func receive(
        _ sentence: Int, within limit: Duration, orElse late: ProviderError, _ output: ServiceOutput
    ) async throws -> SpeechReply {
        let deadline = output.now + limit
        do {
            while sentence == sentences, let socket {
                let wait = max(deadline - output.now, .zero)
                let message = try await withDeadline(wait, output, late) { try await socket.receive() }
                guard let message else {
                    throw ProviderError(.transient, "closed the socket in the middle of a sentence")
                }
                let reply = try dialogue.take(message)
                if !reply.parts.isEmpty || reply.isLast { return reply }
            }
        } catch let error as ProviderError {
            close()
            throw error
        }
        throw ProviderError(.transient, "the socket of the sentence is closed")
    }

    /// Breaks a sentence off if it is the one in work.
    func breakOff(_ sentence: Int) {
        guard sentence == sentences else { return }
        for message in dialogue.breakOff() { socket?.send(text: message) }
    }

    /// How long the wait for the next part may be, and the error when it is longer.
    func limit(hasBegun: Bool, since begin: MediaTime, _ output: ServiceOutput) -> (Duration, ProviderError) {
        let timeouts = client.parameters.timeouts
        if hasBegun {
            return (timeouts.idle, .late("nothing more came", within: timeouts.idle, "idle_timeout"))
        }
        let late = ProviderError.late("no speech came", within: timeouts.firstByte, "first_byte_timeout")
        return (begin + timeouts.firstByte - output.now, late)
    }
}

/// One sentence on a ``SpeechSocket``.
final class SpeechSocketAnswer: SpeechAnswer {
    private let socket: SpeechSocket
    private let sentence: Int
    private let begin: MediaTime
    private var waiting: ArraySlice<SpeechPart> = []
    private var hasBegun = false
    private var isLast = false

    /// Begins to wait for a sentence that was asked for.
    init(_ socket: SpeechSocket, sentence: Int, since begin: MediaTime) {
        self.socket = socket
        self.sentence = sentence
        self.begin = begin
    }

    nonisolated(nonsending) func next(_ output: ServiceOutput) async throws -> SpeechPart? {
        while waiting.isEmpty, !isLast {
            let (limit, late) = socket.limit(hasBegun: hasBegun, since: begin, output)
            let reply = try await socket.receive(sentence, within: limit, orElse: late, output)
            waiting = reply.parts[...]
            isLast = reply.isLast
            hasBegun = true
        }
        return waiting.popFirst()
    }

    func giveUp() {
        waiting = []
        guard !isLast else { return }
        isLast = true
        socket.breakOff(sentence)
    }
}
