// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Runs a pipeline as a call that brings and takes text, on a virtual clock: the test is what recognises and speaks.
public final class TextCallHarness {
    /// A reply as the far end is given it.
    public struct Reply: Sendable, Equatable {
        /// The pieces, in order.
        public var tokens: [String] = []
        /// Whether the end was told.
        public var isComplete = false
        /// All of it.
        public var text: String { tokens.joined() }

        /// Creates a reply.
        public init(tokens: [String] = [], isComplete: Bool = false) {
            self.tokens = tokens
            self.isComplete = isComplete
        }
    }

    /// The harness that runs the session.
    public let harness: PipelineHarness
    /// The far end.
    public let output: RecordingOutput

    /// Starts a session of a plan for calls without audio.
    public init(_ plan: CompiledPlan, attributes: [String: String] = [:]) throws {
        output = RecordingOutput()
        let call = Call(
            id: "text", transport: "harness", inputFormat: nil, outputFormat: nil, attributes: attributes,
            output: output)
        harness = try PipelineHarness(plan, call: call)
    }

    /// The caller said something, and the far end has understood it.
    public func say(_ text: String) { harness.send(Transcript(text, isUtteranceEnd: true)) }

    /// The caller is saying something, and this is what the far end understands so far.
    public func saySoFar(_ text: String) { harness.send(Transcript(text, isFinal: false)) }

    /// The far end tells what it has spoken.
    public func report(_ progress: SpeechProgress) { harness.send(progress) }

    /// The far end tells that the caller broke in.
    public func interrupt(heard: String?) { report(.interrupted(heard: heard)) }

    /// The caller presses keys.
    public func press(_ keys: String) {
        for key in keys.compactMap(DTMF.init) { harness.send(key) }
    }

    /// What the far end was given to speak, in order.
    public var replies: [Reply] {
        var replies: [Reply] = []
        var goesOn = false
        for frame in output.frames {
            if frame[ResponseStarted.self] != nil {
                if !goesOn { replies.append(Reply()) }
                goesOn = false
            } else if let text = frame[ModelText.self]?.text ?? frame[Sentence.self]?.text {
                if replies.last?.isComplete ?? true { replies.append(Reply()) }
                replies[replies.count - 1].tokens.append(text)
            } else if let ended = frame[ResponseEnded.self], !replies.isEmpty {
                goesOn = ended.awaitsTools
                replies[replies.count - 1].isComplete = !goesOn
            }
        }
        return replies
    }

    /// The agent's words as far as the caller heard them, one entry for each reply.
    public var heard: [String] {
        harness.events.all.compactMap { entry in
            if case .spoke(_, let heard, _, _) = entry.event { heard } else { nil }
        }
    }
}
