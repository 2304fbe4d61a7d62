// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// A call of a tool in the conversation: under way until it has a result, and then for ever as it ended.
package struct PastCall: Equatable, Sendable {
    /// The call; its id is unique in the conversation.
    let call: ToolCall
    /// How it ended; `nil` while it is under way.
    var result: ToolResult?

    /// What the model is told.
    ///
    /// A call is told as what it is at the time: models refuse a conversation in which one is not answered.
    var content: String {
        result?.content ?? "This call has not ended yet. Its result will stand here; do not repeat the call."
    }
}

/// Calls of tools. Each ends once, and is answered once, whatever is interrupted.
extension Conversation {
    /// Adds a response of the model that calls tools.
    ///
    /// - Parameter planned: What the response says besides.
    /// - Returns: The calls, with other ids where theirs were missing or taken.
    package func open(_ calls: [ToolCall], in turn: TurnID, planned: String) -> [ToolCall] {
        var taken = Set(entries.lazy.flatMap(\.calls).map(\.call.id))
        let unique = calls.map { call in
            var call = call
            var number = 1
            let base = call.id.isEmpty ? "call" : call.id
            while call.id.isEmpty || !taken.insert(call.id).inserted {
                number += 1
                call.id = "\(base)_\(turn.value)_\(number)"
            }
            return call
        }
        let text = SpokenText.trimmed(planned)
        let key = Key(turn: turn, role: .tool, sequence: rounds(in: turn))
        put(Entry(key: key, text: text, planned: text, calls: unique.map { PastCall(call: $0) }))
        return unique
    }

    /// Ends a call.
    ///
    /// - Returns: Whether it was under way; a second result changes nothing.
    package func close(_ result: ToolResult) -> Bool {
        guard let place = place(of: result.call.id), entries[place.entry].calls[place.call].result == nil else {
            return false
        }
        entries[place.entry].calls[place.call].result = result
        return true
    }

    /// Whether every call of the response that made this one has ended.
    func isAnswered(roundOf call: ToolCall) -> Bool {
        guard let place = place(of: call.id) else { return false }
        return entries[place.entry].calls.allSatisfy { $0.result != nil }
    }

    /// Responses with calls in a turn.
    package func rounds(in turn: TurnID) -> Int { entries.count { $0.key.turn == turn && !$0.calls.isEmpty } }

    /// Adds what was said while the calls of a turn were under way.
    package func addToLastRound(in turn: TurnID, _ words: String) {
        guard let index = entries.lastIndex(where: { $0.key.turn == turn && !$0.calls.isEmpty }) else { return }
        entries[index].text = SpokenText.join(entries[index].text, words)
        entries[index].planned = entries[index].text
    }

    private func place(of id: String) -> (entry: Int, call: Int)? {
        for (index, entry) in entries.enumerated().reversed() {
            if let call = entry.calls.firstIndex(where: { $0.call.id == id }) { return (index, call) }
        }
        return nil
    }
}

extension Conversation.Entry {
    /// A response with calls as the model takes it: what it said and called, then one result for each call.
    func callMessages(text: String) -> [Message] {
        [Message(.assistant, text, toolCalls: calls.map(\.call))]
            + calls.map { Message(.tool, $0.content, toolCallID: $0.call.id) }
    }
}
