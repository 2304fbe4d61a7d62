// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// One run of a tool, from its beginning to its one end, for the call that asked for it first and all that mean the same.
///
/// Confined to its session's loop.
final class ToolExecution {
    /// What calls have in common that mean the same.
    struct Key: Equatable {
        let name: String
        /// The arguments, in canonical form.
        let arguments: String
    }

    /// How it ended.
    struct Ending: Equatable {
        var outcome: ToolResult.Outcome
        var content: String
    }

    let key: Key
    let turn: TurnID
    let policy: ToolPolicy
    /// Whether interruptions leave its turn alone.
    let isUninterruptible: Bool
    /// Whether the tool has been called: from then on it may have done something.
    var hasBegun = false
    private(set) var ending: Ending?
    /// What is cancelled when it ends early: the tool, and its deadline.
    var works: [BackgroundWork] = []
    private var waiters: [UnsafeContinuation<Ending, Never>] = []

    init(_ key: Key, turn: TurnID, policy: ToolPolicy, isUninterruptible: Bool = false) {
        self.key = key
        self.turn = turn
        self.policy = policy
        self.isUninterruptible = isUninterruptible
    }

    /// Ends it, unless it has ended.
    func end(_ outcome: ToolResult.Outcome, _ content: String) {
        guard ending == nil else { return }
        let ending = Ending(outcome: outcome, content: content)
        self.ending = ending
        for work in works { work.cancel() }
        works = []
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.resume(returning: ending) }
    }

    /// Its end, now or later; ``end(_:_:)`` is called for each, so that nobody waits for ever.
    nonisolated(nonsending) func ended() async -> Ending {
        if let ending { return ending }
        return await withUnsafeContinuation { continuation in
            if let ending { continuation.resume(returning: ending) } else { waiters.append(continuation) }
        }
    }

    /// Its turn was interrupted: goes on, or ends, as its policy says.
    func turnInterrupted() {
        guard ending == nil, !isUninterruptible else { return }
        let isUndone = policy.effect == .write && !hasBegun
        let isUnwanted = policy.effect == .read && policy.onInterruption == .cancel
        guard isUndone || isUnwanted else { return }
        end(.cancelled, "Cancelled, because the caller went on speaking; nothing was done.")
    }

    /// Whether a call of `turn` with the same meaning is answered by this one.
    ///
    /// In its turn, what was done or may have been done is not done again; a look-up that failed may be repeated. In a
    /// later turn only one that still runs is waited for.
    func answers(_ key: Key, in turn: TurnID) -> Bool {
        guard key == self.key else { return false }
        guard let ending else { return true }
        return turn == self.turn && (ending.outcome == .done || (policy.effect == .write && hasBegun))
    }
}
