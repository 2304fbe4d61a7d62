// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

/// Runs a tool in a session of its own, on a virtual clock.
enum ToolCaller {
    /// What the tool says to an invocation.
    static func result(
        of tool: any Tool, _ invocation: ToolInvocation, network: DoubleNetwork = DoubleNetwork()
    ) throws -> Result<String, any Error> {
        let box = ResultBox()
        let loop = SessionLoop.virtual()
        loop.lend(network, as: (any ProviderNetwork).self)
        var builder = PipelineBuilder("tool")
        builder.add(Caller(NoParameters()))
        builder.add(ToolRunner(tool, invocation, box))
        let harness = try PipelineHarness(builder.build(), on: loop)
        harness.advance(by: .seconds(1))
        #expect(harness.end() != nil)
        return try #require(box.result)
    }
}

/// `@unchecked Sendable`: with a virtual loop, session and test run on the same thread.
private final class ResultBox: @unchecked Sendable {
    var result: Result<String, any Error>?
}

private final class ToolRunner: Service {
    static let name = "tool_runner"
    static let summary = "Runs a tool once."

    private let work: (tool: any Tool, invocation: ToolInvocation, box: ResultBox)?

    init(_ parameters: NoParameters) { work = nil }
    init(_ tool: any Tool, _ invocation: ToolInvocation, _ box: ResultBox) {
        work = (tool, invocation, box)
    }

    nonisolated(nonsending) func start(_ output: ServiceOutput) async throws {
        guard let work else { return }
        do {
            work.box.result = .success(try await work.tool.run(work.invocation, output))
        } catch {
            work.box.result = .failure(error)
        }
    }

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await output.emit(frame)
    }
}
