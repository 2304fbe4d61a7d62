// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// The rules files of the process, each read once: sessions begin with a copy of the agent made then.
final class RulesLibrary: Sendable {
    /// The library of the process.
    static let shared = RulesLibrary()

    private let agents = Mutex<[String: RulesAgent]>([:])

    /// The agent of a rules file, before its first turn. Reads the file the first time: not for the loop.
    ///
    /// - Throws: ``PipelineError`` with everything that is wrong with the file.
    func agent(_ file: FileReference) throws(PipelineError) -> RulesAgent {
        if let agent = agents.withLock({ $0[file.resolved] }) { return agent }
        let agent = RulesAgent(try script(file))
        return agents.withLock { agents in
            agents[file.resolved] = agents[file.resolved] ?? agent
            return agent
        }
    }

    /// The script of a rules file.
    ///
    /// - Throws: ``PipelineError`` with everything that is wrong with the file.
    func script(_ file: FileReference) throws(PipelineError) -> RulesScript {
        do {
            return try RulesScript.load(file)
        } catch {
            throw PipelineError(.badInput, "rules \(file.path) cannot be used; mend them: \(error)")
        }
    }
}
