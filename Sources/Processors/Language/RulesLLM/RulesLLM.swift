// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import PipelineKit

/// Answers by the rules of a script, as a streaming model would: word by word, with the latencies that one has.
///
/// Deterministic, and needs neither key nor network. Each request is answered once, also silence and words that fit
/// nothing. A turn that another supersedes is taken back: what it filled in is forgotten. A reply that the caller breaks
/// into keeps what it filled in, for the caller has been understood. A reply that must be heard whole is emitted at once.
public final class RulesLLM: Service {
    public static let name = "rules_llm"
    public static let summary = "Answers by rules from a YAML file: a deterministic agent that streams like a model."

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.frames(ModelRequest.self)], reads: [.frames(TurnEnded.self, required: false)],
            produces: [.frames(ResponseStarted.self), .frames(ModelText.self), .frames(ResponseEnded.self)])
    }

    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The rules file.
        public var rules: FileReference
        /// Time to the first word of a reply.
        public var firstTokenDelay = Duration.zero
        /// Time between words.
        public var tokenDelay = Duration.zero

        public static let template = Self(rules: FileReference("front_desk.rules.yaml"))
        public static let schema = ParameterSchema<Self>(
            .required("rules", \.rules, "File of the agent's rules; it is read once in a process."),
            .optional(
                "first_token_delay", \.firstTokenDelay, in: .zero ... .seconds(30),
                "Time to the first word of a reply, as a model would take."),
            .optional(
                "token_delay", \.tokenDelay, in: .zero ... .seconds(5), "Time between the words of a reply.")
        )

        /// Creates parameters with the defaults.
        public init(rules: FileReference) { self.rules = rules }

        public func validate(into issues: inout ParameterIssues) { issues.checkRules(rules, key: "rules") }
    }

    private let parameters: Parameters
    private var dialogue: RulesDialogue?
    private var memory: RulesMemory?

    /// Creates an agent for one session.
    public init(_ parameters: Parameters) { self.parameters = parameters }

    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws {
        let rules = parameters.rules
        let agent = try await output.offload { try RulesLibrary.shared.entry(rules).agent }
        memory = output.shared { RulesMemory() }
        dialogue = RulesDialogue(agent, from: memory?.memory[rules.resolved])
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        if let superseded = frame[TurnEnded.self]?.supersedes { dialogue?.takeBack(superseded) }
        guard let request = frame[ModelRequest.self] else { return try await output.emit(frame) }
        guard let reply = dialogue?.reply(to: request) else { return }
        if let state = dialogue?.state { memory?.note(state, of: parameters.rules) }
        if reply.isInterruptible {
            try await stream(reply, request.turn, output)
        } else {
            try await emitWhole(reply, request.turn, output)
        }
    }

    nonisolated(nonsending) private func stream(
        _ reply: RulesAgent.Reply, _ turn: TurnID, _ output: ServiceOutput
    ) async throws {
        try await wait(parameters.firstTokenDelay, output)
        try await output.emit(ResponseStarted(turn: turn))
        for (index, token) in Self.tokens(reply.text).enumerated() {
            if index > 0 { try await wait(parameters.tokenDelay, output) }
            try await output.emit(ModelText(token))
        }
        try await output.emit(ResponseEnded(turn: turn, endsSession: reply.endsCall))
    }

    /// Emits a reply that an interruption must not cut: its frames survive one, so this work must too.
    nonisolated(nonsending) private func emitWhole(
        _ reply: RulesAgent.Reply, _ turn: TurnID, _ output: ServiceOutput
    ) async throws {
        try await wait(parameters.firstTokenDelay, output)
        var interruption: CancellationError?
        let frames = [
            Frame(ResponseStarted(turn: turn), at: output.now, isUninterruptible: true),
            Frame(ModelText(reply.text), at: output.now, isUninterruptible: true),
            Frame(ResponseEnded(turn: turn, endsSession: reply.endsCall), at: output.now, isUninterruptible: true),
        ]
        for frame in frames {
            // Thrown after the frame was taken, or because the session is over.
            do { try await output.emit(frame) } catch let error as CancellationError { interruption = error }
        }
        if let interruption { throw interruption }
    }

    nonisolated(nonsending) private func wait(_ duration: Duration, _ output: ServiceOutput) async throws {
        if duration > .zero { try await output.sleep(for: duration) }
    }

    /// The words of a text, each with the white space before it.
    static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        var isInWord = false
        for character in text {
            if tokens.isEmpty || (isInWord && character.isWhitespace) { tokens.append("") }
            tokens[tokens.count - 1].append(character)
            isInWord = !character.isWhitespace
        }
        return tokens
    }
}

extension ParameterIssues {
    /// Reports what is wrong with a rules file, in the rules file; that there is none yet is a warning.
    mutating func checkRules(_ rules: FileReference, key: String) {
        guard access(rules.resolved, F_OK) == 0 else {
            return warning(key, "\(rules.path): no such file; check the path")
        }
        var problems = Diagnostics()
        _ = RulesScript.read(path: rules.resolved, into: &problems)
        add(problems)
    }
}
