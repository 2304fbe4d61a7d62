// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// One answer of a model, from the request to its end; confined to the session's loop.
final class ModelResponse<Dialect: ModelDialect> {
    /// How often a server that loads its model is asked whether it is ready.
    private static var loadingPause: Duration { .milliseconds(500) }
    /// How long a finished answer waits for what it cost.
    private static var afterthought: Duration { .milliseconds(250) }

    private let request: ModelRequest
    private let conversation: ModelConversation
    private let client: ProviderClient
    private let parameters: Dialect.Parameters
    /// Whether anything of the answer has been emitted.
    private(set) var hasStarted = false
    private var hasEnded = false
    private var hasBegunContent = false

    init(_ request: ModelRequest, _ client: ProviderClient, _ parameters: Dialect.Parameters) {
        self.request = request
        self.client = client
        self.parameters = parameters
        conversation = ModelConversation(request)
    }

    /// Asks, and emits the answer.
    nonisolated(nonsending) func run(_ output: ServiceOutput) async throws {
        let begin = output.now
        hasBegunContent = false
        let calls = request.messages.reduce(0) { $0 + $1.toolCalls.count }
        var decoder = Dialect.decoder(parameters, callPrefix: "call_\(request.turn)_\(calls)")
        var usage: ModelUsage?
        let reader = try await open(output)
        defer { reader.giveUp() }
        while !decoder.isDone, let bytes = try await next(of: reader, isComplete: decoder.isComplete) {
            for event in try decoder.take(bytes) {
                if !hasBegunContent, event.isContent {
                    hasBegunContent = true
                    reader.contentBegan()
                    output.reportFirstByte(since: begin)
                }
                try await handle(event, &usage, output)
            }
        }
        try await end(try decoder.finish(), usage, output)
        await reader.drain()
    }

    /// Ends an answer of which something has been emitted already, so that nobody waits for the rest.
    nonisolated(nonsending) func breakOff(_ output: ServiceOutput) async throws {
        guard hasStarted, !hasEnded else { return }
        hasEnded = true
        try await output.emit(ResponseEnded(turn: request.turn))
    }

    /// Sends the request; waits while the server loads its model.
    nonisolated(nonsending) private func open(_ output: ServiceOutput) async throws -> ProviderReader {
        let begin = output.now
        while true {
            do {
                return try await client.send(
                    Dialect.request(conversation, parameters), awaitsContent: true, output)
            } catch let error as ProviderError where error.isLoading {
                let waited = output.now - begin
                guard waited + Self.loadingPause <= parameters.model.loadTimeout else { throw error }
                try await output.sleep(for: Self.loadingPause)
            }
        }
    }

    /// The next bytes; what is complete does not fail any more, whatever becomes of the connection.
    nonisolated(nonsending) private func next(
        of reader: ProviderReader, isComplete: Bool
    ) async throws -> ByteBuffer? {
        do {
            return try await reader.next(within: isComplete ? Self.afterthought : nil)
        } catch is ProviderError where isComplete {
            return nil
        }
    }

    nonisolated(nonsending) private func handle(
        _ event: ModelEvent, _ usage: inout ModelUsage?, _ output: ServiceOutput
    ) async throws {
        switch event {
        case .text(let text):
            try await start(output)
            try await output.emit(ModelText(text))
        case .usage(let figures): usage = figures
        case .progress, .call: return
        }
    }

    nonisolated(nonsending) private func end(
        _ events: [ModelEvent], _ usage: ModelUsage?, _ output: ServiceOutput
    ) async throws {
        var usage = usage
        for event in events { try await handle(event, &usage, output) }
        try await start(output)
        let calls = events.compactMap { if case .call(let call) = $0 { call } else { nil } }
        for call in calls { try await output.emit(call) }
        hasEnded = true
        try await output.emit(ResponseEnded(turn: request.turn, awaitsTools: !calls.isEmpty))
        report(usage, output)
    }

    nonisolated(nonsending) private func start(_ output: ServiceOutput) async throws {
        guard !hasStarted else { return }
        hasStarted = true
        try await output.emit(ResponseStarted(turn: request.turn))
    }

    private func report(_ usage: ModelUsage?, _ output: ServiceOutput) {
        if let count = usage?.tokensIn { output.report(.tokensIn, count) }
        if let count = usage?.tokensCached { output.report(.tokensCached, count) }
        if let count = usage?.tokensOut { output.report(.tokensOut, count) }
    }
}

extension ModelEvent {
    /// Whether the model has begun to answer.
    fileprivate var isContent: Bool {
        switch self {
        case .text, .progress, .call: true
        case .usage: false
        }
    }
}

extension ProviderError {
    /// Whether a server of one's own has not read its model yet.
    fileprivate var isLoading: Bool { status == 503 && message.lowercased().contains("loading model") }
}
