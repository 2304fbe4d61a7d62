// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

@testable import Processors

/// The rules of the front desk that the repository ships.
enum FrontDesk {
    /// Where the file is.
    static let path = #filePath.split(separator: "/Tests/")[0] + "/pipelines/front_desk.rules.yaml"

    /// The script.
    static func script() throws -> RulesScript { try RulesScript.load(FileReference(String(path))) }

    /// An agent that has greeted.
    static func agent() throws -> RulesAgent {
        var agent = RulesAgent(try script())
        _ = agent.greeting()
        return agent
    }
}
