// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// A streaming model that says what it is told to, at the pace that it is told.
public final class FakeLanguageModel: Service {
    public static let name = "fake_llm"
    public static let summary = "Answers each request with scripted tokens."

    /// An answer and its pace.
    public struct Reply: Sendable {
        /// The pieces of text in order.
        public var tokens: [String]
        /// Time from the request to the first piece.
        public var firstToken: Duration
        /// Time between two pieces.
        public var gap: Duration
        /// Whether the session ends once the answer has been heard.
        public var endsSession: Bool
        /// The tools that it calls behind its words.
        public var calls: [ToolCall]

        /// Creates an answer.
        public init(
            _ tokens: [String], firstToken: Duration = .milliseconds(200), gap: Duration = .milliseconds(20),
            endsSession: Bool = false, calls: [ToolCall] = []
        ) {
            self.tokens = tokens
            self.firstToken = firstToken
            self.gap = gap
            self.endsSession = endsSession
            self.calls = calls
        }
    }

    private let answer: @Sendable (ModelRequest) -> Reply

    /// Answers every request with the words "All right".
    public convenience init(_ parameters: NoParameters) { self.init(Reply(["All right."])) }

    /// Answers every request alike.
    public convenience init(_ reply: Reply) { self.init { _ in reply } }

    /// Answers as `answer` says.
    public init(_ answer: @escaping @Sendable (ModelRequest) -> Reply) { self.answer = answer }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        guard let request = frame[ModelRequest.self] else { return try await output.emit(frame) }
        let reply = answer(request)
        try await output.emit(ResponseStarted(turn: request.turn))
        try await output.sleep(for: reply.firstToken)
        for (index, token) in reply.tokens.enumerated() {
            if index > 0 { try await output.sleep(for: reply.gap) }
            try await output.emit(ModelText(token))
        }
        for call in reply.calls { try await output.emit(call) }
        try await output.emit(ResponseEnded(turn: request.turn, endsSession: reply.endsSession))
    }
}
