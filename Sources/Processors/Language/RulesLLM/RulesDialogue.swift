// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A conversation by rules, turn by turn: knows where it stood before each of the last turns, so that one which another
/// supersedes leaves no trace.
struct RulesDialogue {
    /// Turns that can be taken back.
    private static let memory = 8

    private var agent: RulesAgent
    private var past: [(turn: TurnID, before: RulesAgent)] = []

    /// Begins a conversation, or goes on with one.
    init(_ agent: RulesAgent, from state: DialogueState? = nil) {
        self.agent = agent
        if let state { self.agent.state = state }
    }

    /// Where the conversation stands.
    var state: DialogueState { agent.state }

    /// The answer to a turn; one that is asked about again is answered as if for the first time.
    mutating func reply(to request: ModelRequest) -> RulesAgent.Reply {
        takeBack(request.turn)
        past.append((request.turn, agent))
        if past.count > Self.memory { past.removeFirst() }
        let words = request.messages.last { $0.role == .user }?.text
        switch request.reason {
        case .silence: return agent.respondToSilence()
        case .noWords: return agent.respond(to: "")
        case .completed, .tooLong, .sessionEnded:
            return words == nil && request.turn == TurnID(0) ? agent.greeting() : agent.respond(to: words ?? "")
        }
    }

    /// Goes back to where the conversation stood before `turn`: it, and what came after it, was not said.
    mutating func takeBack(_ turn: TurnID) {
        guard let index = past.firstIndex(where: { $0.turn >= turn }) else { return }
        agent = past[index].before
        past.removeSubrange(index...)
    }
}
