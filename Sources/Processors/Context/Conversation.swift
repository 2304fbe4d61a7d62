// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What was said in a session: a log keyed by turn, role and sequence, ordered by turn and not by arrival.
///
/// Shared by the processors of one session and confined to its loop. Holds what was heard; what the agent had planned
/// to say is kept apart and never given to the model. Adding an entry again replaces it.
final class Conversation {
    /// The place of an entry.
    ///
    /// The caller's words of a turn come before everything that answers them.
    struct Key: Hashable, Comparable {
        let turn: TurnID
        let role: Message.Role
        /// Counts the entries of a role within a turn.
        var sequence = 0

        static func < (left: Key, right: Key) -> Bool {
            (left.turn.value, left.role == .user ? 0 : 1, left.sequence)
                < (right.turn.value, right.role == .user ? 0 : 1, right.sequence)
        }
    }

    /// Something that was said.
    struct Entry: Equatable {
        let key: Key
        /// What was heard.
        var text: String
        /// What was to be said; equal to `text` when all of it was heard.
        var planned: String
        /// Whether the other side broke in.
        var isInterrupted = false
    }

    /// What the model is told before everything else; empty for nothing.
    var systemPrompt = ""
    /// Entries that are kept.
    var capacity = 100 {
        didSet { trim() }
    }
    private(set) var entries: [Entry] = []

    /// Adds or replaces an entry; one without text is taken out.
    func put(_ key: Key, text: String, planned: String? = nil, isInterrupted: Bool = false) {
        guard !text.isEmpty else { return remove(key) }
        let entry = Entry(key: key, text: text, planned: planned ?? text, isInterrupted: isInterrupted)
        let index = entries.firstIndex { !($0.key < key) } ?? entries.endIndex
        if index < entries.endIndex, entries[index].key == key {
            entries[index] = entry
        } else {
            entries.insert(entry, at: index)
            trim()
        }
    }

    /// Takes an entry out.
    func remove(_ key: Key) { entries.removeAll { $0.key == key } }

    /// The conversation as model services take it: the system prompt, then what was said, oldest first.
    func messages() -> [Message] {
        let prompt = systemPrompt.isEmpty ? [] : [Message(.system, systemPrompt)]
        return prompt + entries.map { Message($0.key.role, $0.text) }
    }

    private func trim() {
        guard entries.count > capacity else { return }
        entries.removeFirst(entries.count - capacity)
        // An answer whose question is forgotten misleads the model.
        entries.removeFirst(entries.prefix { $0.key.role != .user }.count)
    }
}

@available(*, unavailable)
extension Conversation: Sendable {}
