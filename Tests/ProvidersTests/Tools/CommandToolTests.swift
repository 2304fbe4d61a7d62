// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Processors
import Testing

@testable import Providers

@Suite struct CommandToolTests {
    private func tool(_ script: String, deadline: Duration = .seconds(10)) -> CommandTool {
        var parameters = CommandTool.Parameters(name: "book", description: "Books.", program: "sh")
        parameters.programArguments = ["-c", script]
        parameters.deadline = deadline
        return CommandTool(parameters)
    }

    private let invocation = ToolInvocation(
        call: ToolCall(id: "1", name: "book", arguments: "{}"), arguments: ["city": "Oslo"],
        turn: TurnID(3),
        idempotencyKey: "key-1")

    @Test func readsTheArgumentsAndGivesTheOutput() throws {
        let result = try ToolCaller.result(of: tool("cat"), invocation).get()
        #expect(
            try JSONValue(parsing: result.utf8)
                == ["arguments": ["city": "Oslo"], "turn": 3, "idempotency_key": "key-1"])
    }

    @Test(arguments: [
        ("echo no tables >&2; exit 3", "'sh' ended with status 3: no tables"),
        ("exit 1", "'sh' ended with status 1"),
        ("head -c 3000000 /dev/zero", "'sh' wrote more than 1048576 bytes and was killed"),
    ])
    func saysWhyItFailed(script: String, message: String) throws {
        let failure = #expect(throws: PipelineError.self) {
            try ToolCaller.result(of: tool(script), invocation).get()
        }
        #expect(failure?.message == message)
    }

    @Test func isKilledAtItsDeadlineWithWhatItStarted() throws {
        let slow = tool("sleep 30 & sleep 30", deadline: .milliseconds(100))
        let failure = #expect(throws: PipelineError.self) {
            try ToolCaller.result(of: slow, invocation).get()
        }
        #expect(failure?.message.contains("did not finish within") == true)
    }
}
