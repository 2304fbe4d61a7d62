// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Puts the caller's words into the conversation and asks the model for a reply: once for each turn, if at all.
///
/// It asks again for the same turn when all tools that a response called have ended, as long as the turn is current: their
/// results come from behind it, and each is kept once. Results of a turn that is over are known to the model at the next.
///
/// Not asked for: turns in which nothing was said unless the parameters want it, turns that another has already
/// followed, and whatever ends with the session. A caller who is back after a transfer that failed goes on with the same
/// conversation; the agent then speaks first, as after a silence. Transcripts end here. Requests also travel upstream, so that a reply
/// can be interrupted from the moment it is asked for.
public struct UserContext: Processor {
    public static let name = "user_context"
    public static let summary = "Adds the caller's words to the conversation and asks the model for a reply."

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.frames(Transcript.self, required: false)], reads: [.frames(TurnEnded.self)],
            produces: [.frames(ModelRequest.self)])
    }

    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// What the model is told before everything else.
        public var prompt = ""
        /// Messages that the model is given at most.
        public var maxMessages = 100
        /// Whether the agent speaks first.
        public var greet = true
        /// Whether speech without words is answered.
        public var answerNoWords = true

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("prompt", \.prompt, "The system prompt: what the model is told before everything else."),
            .optional(
                "max_messages", \.maxMessages, in: 2...10_000,
                "Messages that the model is given; the oldest are forgotten first, the system prompt never."),
            .optional("greet", \.greet, "Whether the agent speaks first: the model is asked to answer turn 0."),
            .optional(
                "answer_no_words", \.answerNoWords,
                "Whether the model is asked to answer speech in which no words were understood.")
        )

        /// Creates the defaults.
        public init() {}
    }

    private let parameters: Parameters
    private var newestStarted = TurnID(0)
    private var lastAsked = TurnID(-1)
    private var lastReason = TurnEnded.Reason.completed

    /// Creates the processor of a session.
    public init(_ parameters: Parameters) { self.parameters = parameters }

    public mutating func start(_ context: inout ProcessorContext) {
        let conversation = context.shared { Conversation() }
        conversation.systemPrompt = parameters.prompt
        conversation.capacity = parameters.maxMessages
        newestStarted = conversation.newestTurn
        if conversation.isContinued {
            // The caller is back and waits: the agent speaks first, but it does not greet again.
            ask(conversation.newestTurn, .silence, &context)
        } else if parameters.greet {
            ask(TurnID(0), .completed, &context)
        }
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if frame[Transcript.self] != nil { return }
        context.emit(frame)
        if let started = frame[TurnStarted.self] {
            newestStarted = max(newestStarted, started.turn)
            context.shared { Conversation() }.began(started.turn)
        } else if let ended = frame[TurnEnded.self] {
            take(ended, &context)
        }
    }

    private mutating func take(_ ended: TurnEnded, _ context: inout ProcessorContext) {
        let conversation = context.shared { Conversation() }
        if let old = ended.supersedes { conversation.remove(.init(turn: old, role: .user)) }
        conversation.began(ended.turn)
        conversation.put(.init(turn: ended.turn, role: .user), text: ended.text)
        guard isAnswered(ended), ended.turn >= newestStarted, !context.isPeerGone else { return }
        ask(ended.turn, ended.reason, &context)
    }

    private func isAnswered(_ ended: TurnEnded) -> Bool {
        switch ended.reason {
        case .completed, .tooLong: !ended.text.isEmpty
        case .noWords: parameters.answerNoWords
        case .silence: true
        case .sessionEnded: false
        }
    }

    private mutating func ask(_ turn: TurnID, _ reason: TurnEnded.Reason, _ context: inout ProcessorContext) {
        guard turn > lastAsked else { return }
        lastAsked = turn
        lastReason = reason
        request(&context)
    }

    private func request(_ context: inout ProcessorContext) {
        let conversation = context.shared { Conversation() }
        let tools = context.shared { ToolBox() }.offered(after: conversation.rounds(in: lastAsked))
        let messages = conversation.messages(answering: lastAsked)
        let request = ModelRequest(turn: lastAsked, messages: messages, reason: lastReason, tools: tools)
        context.broadcast(Frame(request, at: context.now))
    }

    // MARK: Tools

    public mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let result = frame[ToolResult.self] else { return }
        let conversation = context.shared { Conversation() }
        guard conversation.close(result) else { return context.drop("second_result") }
        guard conversation.isAnswered(roundOf: result.call), result.turn == lastAsked, !result.endsReply else { return }
        guard !context.isStale(frame), result.turn >= newestStarted, !context.isPeerGone else { return }
        request(&context)
    }
}
