// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What was said and done in a session: a log keyed by turn, kind and sequence, ordered by turn and not by arrival.
///
/// Shared by the processors of one session and confined to its loop. Holds what was heard; what the agent had planned to
/// say is kept apart. The model is given what was heard, except in the turn that it is answering: there, what it has said
/// before a call of a tool is on its way to the caller, and so it is given as planned. Adding an entry again replaces it.
package final class Conversation {
    /// The place of an entry.
    ///
    /// In a turn the caller's words come first, then the calls of tools, then what the caller heard.
    package struct Key: Hashable, Comparable, Sendable {
        let turn: TurnID
        /// Whose words they are; `tool` for calls of tools.
        let role: Message.Role
        /// Counts the entries of a role within a turn.
        var sequence = 0

        private var rank: Int {
            switch role {
            case .system, .user: 0
            case .tool: 1
            case .assistant: 2
            }
        }

        package static func < (left: Key, right: Key) -> Bool {
            (left.turn.value, left.rank, left.sequence) < (right.turn.value, right.rank, right.sequence)
        }
    }

    /// Something that was said, or a response of the model that called tools.
    package struct Entry: Equatable, Sendable {
        let key: Key
        /// What was heard; of a response with calls, what it said before them.
        var text: String
        /// What was to be said; equal to `text` when all of it was heard.
        var planned: String
        /// Whether the other side broke in.
        var isInterrupted = false
        /// The calls of a response, each with what came of it.
        var calls: [PastCall] = []

        /// How many messages it makes.
        var messageCount: Int { calls.isEmpty ? 1 : calls.count + 1 }
    }

    /// What the model is told before everything else; empty for nothing.
    var systemPrompt = ""
    /// Messages that are kept, but for those of the newest turn.
    var capacity = 100 {
        didSet { trim() }
    }
    /// What is kept, in order.
    var entries: [Entry] = []
    /// The newest turn; of a caller who is back, the one in which the agent speaks first.
    private(set) var newestTurn = TurnID(0)
    /// Whether an earlier session is gone on with.
    private(set) var isContinued = false

    /// Creates an empty conversation.
    package init() {}

    /// A turn has begun.
    func began(_ turn: TurnID) { newestTurn = max(newestTurn, turn) }

    /// Adds or replaces an entry; one without text is taken out.
    func put(_ key: Key, text: String, planned: String? = nil, isInterrupted: Bool = false) {
        guard !text.isEmpty else { return remove(key) }
        put(Entry(key: key, text: text, planned: planned ?? text, isInterrupted: isInterrupted))
    }

    /// Adds or replaces an entry.
    func put(_ entry: Entry) {
        let index = entries.firstIndex { !($0.key < entry.key) } ?? entries.endIndex
        if index < entries.endIndex, entries[index].key == entry.key {
            entries[index] = entry
        } else {
            entries.insert(entry, at: index)
            trim()
        }
    }

    /// Takes an entry out.
    func remove(_ key: Key) { entries.removeAll { $0.key == key } }

    /// The conversation as model services take it: the system prompt, then what was said and done, oldest first.
    ///
    /// Every call of a tool is followed by its result, or by a word that there is none yet, before anybody else speaks.
    ///
    /// - Parameter turn: The turn that is to be answered; `nil` for what has been.
    func messages(answering turn: TurnID? = nil) -> [Message] {
        var messages = systemPrompt.isEmpty ? [] : [Message(.system, systemPrompt)]
        for entry in entries {
            if !entry.calls.isEmpty {
                messages += entry.callMessages(text: entry.key.turn == turn ? entry.text : "")
            } else if entry.key.role == .user || entry.key.turn != turn || rounds(in: entry.key.turn) == 0 {
                messages.append(Message(entry.key.role, entry.text))
            }
        }
        return messages
    }

    private func trim() {
        guard let newest = entries.last?.key.turn else { return }
        var count = entries.reduce(0) { $0 + $1.messageCount }
        guard count > capacity else { return }
        while count > capacity, let first = entries.first, first.key.turn < newest {
            count -= first.messageCount
            entries.removeFirst()
        }
        // An answer whose question is forgotten misleads the model.
        entries.removeFirst(entries.prefix { $0.key.role != .user && $0.key.turn < newest }.count)
    }
}

/// What was said is known to the session in which the caller is back; a turn lies between the two.
extension Conversation: Remembering {
    /// What is left of a session.
    package struct Memory: Sendable {
        var entries: [Entry]
        var newestTurn: TurnID
    }

    package var memory: Memory { Memory(entries: entries, newestTurn: newestTurn) }

    package func recall(_ memory: Memory) {
        entries = memory.entries
        newestTurn = TurnID(memory.newestTurn.value + 1)
        isContinued = true
    }
}

@available(*, unavailable)
extension Conversation: Sendable {}
