// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// The rules files of the process, each read once: sessions begin with a copy of the agent made then.
final class RulesLibrary: Sendable {
    /// What is made of a rules file.
    struct Entry: Sendable {
        /// The agent before its first turn.
        let agent: RulesAgent
        /// The JSGF grammar of what callers can say to it.
        let grammar: String
    }

    /// The library of the process.
    static let shared = RulesLibrary()

    private let entries = Mutex<[String: Entry]>([:])

    /// The agent and the grammar of a rules file.
    ///
    /// Reads the file the first time: not for the loop.
    ///
    /// - Throws: ``PipelineError`` with everything that is wrong with the file.
    func entry(_ file: FileReference) throws(PipelineError) -> Entry {
        if let entry = entries.withLock({ $0[file.resolved] }) { return entry }
        let script: RulesScript
        do {
            script = try RulesScript.load(file)
        } catch {
            throw PipelineError(.badInput, "rules \(file.path) cannot be used; mend them: \(error)")
        }
        let entry = Entry(agent: RulesAgent(script), grammar: JSGFGrammar.make(from: script))
        entries.withLock { $0[file.resolved] = entry }
        return entry
    }
}
