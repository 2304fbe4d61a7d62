// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Runs the tools that the model calls, and gives the conversation what came of each call.
///
/// Stands behind the model. The calls of a response are run at once and beside each other when the response is complete;
/// when all have ended, the context before the model asks it again for the same turn. Whatever is interrupted, fails or
/// takes too long, each call gets one result: it stays in the conversation, and is known to the model at the next turn.
///
/// A tool that only reads goes on when its turn is interrupted, unless its policy says otherwise. One that writes begins
/// only while its turn is current; having begun it is finished. Calls of a turn that mean the same are run once. A tool
/// that ends the call does so when what the model said with it has been heard, and not when the caller breaks in.
public final class Tools: Service, ToolRunning {
    public static let name = "tools"
    public static let summary = "Runs the tools that the model calls and gives it their results."
    public static let entriesKey = "use"
    public static let queue = QueueSettings(capacity: 256)

    public static func pads(_ parameters: ToolsParameters) -> Pads {
        Pads(
            consumes: [.frames(ToolCall.self, required: false)],
            reads: [
                .frames(ResponseStarted.self, required: false), .frames(ModelText.self, required: false),
                .frames(ResponseEnded.self, required: false),
            ], produces: [.frames(ModelText.self)])
    }

    public static func entries(_ parameters: ToolsParameters) -> [ToolEntry] { parameters.use }

    /// Executions that are remembered.
    private static let memory = 64

    private let parameters: ToolsParameters
    private let configured: [ConfiguredTool]
    private var toolset = Toolset()
    private var response = ModelResponse()
    private var executions: [ToolExecution] = []
    private var fillers = 0
    /// Ends the reply if the model does not go on, and what it belongs to.
    private var watch: (work: BackgroundWork, output: ServiceOutput)?

    /// Creates a service that knows no tools.
    public convenience init(_ parameters: ToolsParameters) { self.init(parameters, tools: []) }

    /// Creates a service for one session.
    public init(_ parameters: ToolsParameters, tools: [ConfiguredTool]) {
        self.parameters = parameters
        configured = tools
    }

    // MARK: Start and end

    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws {
        let box = output.shared { ToolBox() }
        box?.maxRounds = parameters.maxRounds
        for case .tool(let tool) in configured { try toolset.add(tool) }
        box?.definitions = toolset.definitions
        for case .source(let source) in configured {
            await add(source, output)
            box?.definitions = toolset.definitions
        }
    }

    /// A source that fails costs its tools, not the call.
    nonisolated(nonsending) private func add(_ source: any ToolSource, _ output: ServiceOutput) async {
        do {
            for tool in try await source.tools(output) { try toolset.add(tool) }
        } catch {
            output.report(.error((error as? PipelineError) ?? PipelineError(.provider, "\(error)")))
        }
    }

    /// The end is as good as a goodbye that was heard; what else is under way is waited for by the session.
    nonisolated(nonsending) public func finish(_ output: ServiceOutput) async throws {
        for execution in executions where execution.policy == Self.closing {
            execution.end(.done, "The call has ended.")
        }
    }

    nonisolated(nonsending) public func stop() async {
        for execution in executions { execution.end(.cancelled, "Cancelled: the session is over.") }
    }

    // MARK: Frames

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        // A response that has begun and says nothing is none.
        if frame[ModelText.self] != nil || frame[ToolCall.self] != nil || frame[ResponseEnded.self] != nil {
            stopWatching()
        }
        if response.take(frame) { return }
        guard let ended = frame[ResponseEnded.self], !response.calls.isEmpty else {
            return try await output.emit(frame)
        }
        let response = response
        self.response = ModelResponse()
        try await run(response, ended, frame, output)
    }

    public func interrupted(_ interruption: Interruption) {
        if !response.isUninterruptible { response = ModelResponse() }
        if watch?.output.isStale == true { stopWatching() }
        for execution in executions { execution.turnInterrupted() }
    }

    private func stopWatching() {
        watch?.work.cancel()
        watch = nil
    }

    // MARK: Calls

    nonisolated(nonsending) private func run(
        _ response: ModelResponse, _ ended: ResponseEnded, _ frame: Frame, _ output: ServiceOutput
    ) async throws {
        if response.refused > 0 { output.drop("too_many_calls") }
        guard let conversation = output.shared({ Conversation() }),
            conversation.rounds(in: ended.turn) < parameters.maxRounds
        else {
            // The model was asked without tools and calls them all the same.
            output.drop("too_many_rounds")
            return try await output.emit(frame)
        }
        let calls = conversation.open(response.calls, in: ended.turn, planned: response.text)
        let round = ToolRound(turn: ended.turn, count: calls.count)
        let isClosing = calls.count == 1 && close(calls[0], round, response, output)
        if !isClosing {
            for call in calls { begin(call, round, output) }
            fill(round, output)
        }
        // Nothing was waited for so far: the tools begin behind this.
        guard !isClosing else { return try await sayFarewell(calls[0], response, ended, output) }
        try await output.emit(ResponseEnded(turn: ended.turn, awaitsTools: true))
    }

    private func begin(_ call: ToolCall, _ round: ToolRound, _ output: ServiceOutput) {
        let execution: ToolExecution
        switch toolset.resolve(call) {
        case .refuse(let problem):
            execution = ToolExecution(.init(name: call.name, arguments: ""), turn: round.turn, policy: ToolPolicy())
            execution.end(.failed, problem)
        case .run(let tool, _, _) where tool is any ClosingTool:
            execution = ToolExecution(.init(name: call.name, arguments: ""), turn: round.turn, policy: ToolPolicy())
            execution.end(
                .cancelled, "Not done: the other calls come first. Call it by itself once you know their results.")
        case .run(let tool, let key, let arguments):
            if let same = executions.last(where: { $0.answers(key, in: round.turn) }) {
                execution = same
            } else {
                execution = ToolExecution(
                    key, turn: round.turn, policy: tool.policy, isUninterruptible: output.isUninterruptible)
                launch(execution, tool, invocation(call, key, arguments, round.turn, output), output)
            }
        }
        answer(call, round, with: execution, output)
    }

    private func invocation(
        _ call: ToolCall, _ key: ToolExecution.Key, _ arguments: JSONValue, _ turn: TurnID, _ output: ServiceOutput
    ) -> ToolInvocation {
        let meaning = StableHash.of("\(key.name)\u{0}\(key.arguments)")
        let id = "\(output.call?.id ?? "")-\(turn.value)-\(meaning)"
        return ToolInvocation(call: call, arguments: arguments, turn: turn, idempotencyKey: id)
    }

    /// Runs a tool in the background, until its end or its deadline.
    private func launch(
        _ execution: ToolExecution, _ tool: any Tool, _ invocation: ToolInvocation, _ output: ServiceOutput
    ) {
        remember(execution)
        let limit = tool.policy.deadline ?? parameters.deadline
        let work = output.inBackground { output in
            guard execution.ending == nil else { return }
            execution.hasBegun = true
            do {
                execution.end(.done, try await tool.run(invocation, output))
            } catch is CancellationError {
                execution.end(.cancelled, "Stopped before it had ended.")
            } catch {
                execution.end(.failed, "Failed: \((error as? PipelineError)?.message ?? "\(error)")")
            }
        }
        let deadline = output.inBackground { output in
            guard (try? await output.sleep(for: limit)) != nil else { return }
            let doubt = tool.policy.effect == .write ? " It may have been done all the same." : ""
            execution.end(.failed, "No answer within \(limit.parameterText).\(doubt)")
        }
        guard let work, let deadline else { return execution.end(.cancelled, "The session is over.") }
        execution.works = [work, deadline]
    }

    private func remember(_ execution: ToolExecution) {
        executions.append(execution)
        guard executions.count > Self.memory, let old = executions.firstIndex(where: { $0.ending != nil }) else {
            return
        }
        executions.remove(at: old)
    }

    /// Gives a call its result once there is one, whichever call began the execution.
    private func answer(
        _ call: ToolCall, _ round: ToolRound, with execution: ToolExecution, _ output: ServiceOutput
    ) {
        let begun = output.now
        let limit = parameters.maxResultLength
        output.report(.toolStarted(call))
        output.inBackground { [self] output in
            let ending = await execution.ended()
            let content = ending.content.count > limit ? ending.content.prefix(limit) + " ..." : ending.content
            let result = ToolResult(
                call, turn: round.turn, ending.outcome, content: content, endsReply: round.isClosing)
            round.open -= 1
            output.report(.toolEnded(result, took: output.now - begun))
            if round.open == 0 { awaitReply(round, output) }
            output.emitUpstream(result)
        }
    }

    // MARK: The reply

    /// Says that it takes a while, if it does.
    private func fill(_ round: ToolRound, _ output: ServiceOutput) {
        guard !parameters.filler.isEmpty else { return }
        let text = parameters.filler[fillers % parameters.filler.count]
        let pause = parameters.fillerAfter
        round.filler = output.inBackground { [self] output in
            guard (try? await output.sleep(for: pause)) != nil, round.open > 0, !output.isStale else { return }
            fillers += 1
            output.shared { Conversation() }?.addToLastRound(in: round.turn, text)
            // Refused when the turn is over.
            try? await output.emit(ModelText(" \(text) "))
        }
    }

    /// Ends the reply if the model does not go on with it.
    private func awaitReply(_ round: ToolRound, _ output: ServiceOutput) {
        round.filler?.cancel()
        guard !output.isStale, !output.isPeerGone, !round.isClosing else { return }
        let pause = parameters.replyTimeout
        let work = output.inBackground { output in
            guard (try? await output.sleep(for: pause)) != nil else { return }
            output.drop("no_reply")
            try? await output.emit(ResponseEnded(turn: round.turn))
        }
        watch = work.map { ($0, output) }
    }

    // MARK: The end of the call

    private static let closing = ToolPolicy(effect: .write, onInterruption: .cancel)

    /// Whether a call ends the call: then it is under way until that is heard, or interrupted.
    private func close(
        _ call: ToolCall, _ round: ToolRound, _ response: ModelResponse, _ output: ServiceOutput
    ) -> Bool {
        guard case .run(let tool, let key, _) = toolset.resolve(call), tool is any ClosingTool else { return false }
        round.isClosing = true
        let execution = ToolExecution(
            key, turn: round.turn, policy: Self.closing, isUninterruptible: response.isUninterruptible)
        remember(execution)
        answer(call, round, with: execution, output)
        return true
    }

    nonisolated(nonsending) private func sayFarewell(
        _ call: ToolCall, _ response: ModelResponse, _ ended: ResponseEnded, _ output: ServiceOutput
    ) async throws {
        guard case .run(let tool as any ClosingTool, let key, let arguments) = toolset.resolve(call) else { return }
        if response.isSilent { try await output.emit(ModelText(tool.farewell)) }
        if let handOff = tool.handOff(invocation(call, key, arguments, ended.turn, output)) {
            try await output.emit(handOff)
        }
        try await output.emit(ResponseEnded(turn: ended.turn, endsSession: true))
    }
}

/// The calls of one response.
///
/// Confined to its session's loop.
final class ToolRound {
    let turn: TurnID
    /// Calls without a result.
    var open: Int
    /// Whether the call ends with it.
    var isClosing = false
    var filler: BackgroundWork?

    init(turn: TurnID, count: Int) {
        self.turn = turn
        open = count
    }
}

/// A hash that is the same in every process (FNV-1a, 64 bits).
enum StableHash {
    /// The hash in hexadecimal.
    static func of(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
