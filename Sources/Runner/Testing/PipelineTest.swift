// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// One entry of a pipeline file's `tests:`: what the caller does, and what must come of it.
struct PipelineTest: ProcessorParameters {
    /// What the test shows.
    var name = "caller interrupts the greeting"
    /// What the caller does.
    var steps: [TestStep] = [.template]
    /// What must come of it.
    var expect: [TestExpectation] = [.template]
    /// What the providers do that the pipeline names.
    var doubles = TestDoubles()
    /// The longest time that the call may take.
    var limit = Duration.seconds(120)

    /// A test and where it stands in its file.
    struct Located: Sendable {
        var test: PipelineTest
        var mark: SourceMark
        /// Places of the expectations.
        var expectationMarks: [SourceMark]
    }

    static let template = Self()
    static let schema = ParameterSchema<Self>(
        .required("name", \.name, "What the test shows, as a sentence."),
        .required("steps", \.steps, "What the caller does."),
        .required("expect", \.expect, "What must come of it."),
        .optional("doubles", \.doubles, "What the providers do that the pipeline names; none of them is reached."),
        .optional(
            "limit", \.limit, in: .seconds(1) ... .seconds(3600), "The longest time that the call may take.")
    )

    /// The tests that a document carries; problems are reported.
    static func all(of document: PipelineDocument, into diagnostics: inout Diagnostics) -> [Located] {
        document.tests.enumerated().compactMap { index, node in
            let path = "tests[\(index)]"
            guard let test = decode(node, path: path, at: node.mark, into: &diagnostics) else { return nil }
            let marks = node["expect"]?.sequence?.map(\.mark) ?? []
            return Located(test: test, mark: node.mark, expectationMarks: marks)
        }
    }

    func validate(into issues: inout ParameterIssues) {
        if steps.isEmpty { issues.error("steps", "there are none; add one, such as '- {play: caller.wav}'") }
        if expect.isEmpty { issues.error("expect", "there is nothing; a test that cannot fail shows nothing") }
    }
}

/// Something that the caller does.
///
/// Without `at` it follows the end of the step before.
struct TestStep: ParameterGroup {
    /// When.
    var at: Duration?
    /// A recording to play.
    var play: FileReference?
    /// Words to speak.
    var say: String?
    /// Words to type.
    var type: String?
    /// Keys to press.
    var dtmf: String?
    /// Whether to hang up.
    var hangup = false
    /// Time to be silent.
    var wait: Duration?

    static let template = Self()
    static let schema = ParameterSchema<Self>(
        .optional("at", \.at, in: .zero ... .seconds(3600), "When; by default when the step before is over."),
        .optional("play", \.play, "Recording to play: WAV, FLAC or OGG."),
        .optional("say", \.say, "Words to speak with a synthetic voice."),
        .optional("type", \.type, "Words to type, as a caller with a keyboard does."),
        .optional("dtmf", \.dtmf, "Keys of the telephone to press, a tenth of a second apart."),
        .optional("hangup", \.hangup, "Whether to hang up."),
        .optional("wait", \.wait, in: .zero ... .seconds(3600), "Time to say nothing.")
    )

    func validate(into issues: inout ParameterIssues) {
        let count = [play != nil, say != nil, type != nil, dtmf != nil, hangup, wait != nil].count { $0 }
        if count != 1 {
            issues.error("at", "a step does one thing: play, say, type, dtmf, hangup or wait; this one does \(count)")
        }
        if let dtmf, dtmf.contains(where: { DTMF($0) == nil }) {
            issues.error("dtmf", "\(dtmf.shown) holds something that is no key; keys are 0-9, *, #, A-D")
        }
    }
}

/// Something that must come, or must not come, of a test's steps.
struct TestExpectation: ParameterGroup {
    /// An event of the session.
    var event: EventName?
    /// A type of frame.
    var frame: String?
    /// The processor that lets the frame out.
    var on = "speaker"
    /// Words that are heard.
    var transcript: String?
    /// Who says the words.
    var by = Speaker.agent
    /// When counting begins.
    var after: Duration?
    /// Time within which it must come.
    var within: Duration?
    /// Time after which it must not come.
    var absentAfter: Duration?
    /// How often it must come.
    var count: Int?

    /// The side of a call.
    enum Speaker: String, ParameterChoice {
        case caller, agent

        var summary: String {
            switch self {
            case .caller: "the words that the pipeline understood of the caller"
            case .agent: "the words of the agent that the caller heard"
            }
        }
    }

    /// Events that can be expected.
    enum EventName: String, ParameterChoice {
        case turnStarted = "turn_started"
        case turnAnswered = "turn_answered"
        case interruption, error, ended
        case agentSpeaking = "agent_speaking"
        case agentSilent = "agent_silent"
        case callerSpeaking = "caller_speaking"
        case callerSilent = "caller_silent"

        var summary: String {
            switch self {
            case .turnStarted: "the caller began a turn"
            case .turnAnswered: "the agent's answer to a turn became audible"
            case .interruption: "a reply was cut short"
            case .error: "something failed"
            case .ended: "the session ended by itself"
            case .agentSpeaking: "the agent became audible"
            case .agentSilent: "the agent fell silent"
            case .callerSpeaking: "the caller became audible"
            case .callerSilent: "the caller fell silent"
            }
        }
    }

    static let template = Self()
    static let schema = ParameterSchema<Self>(
        .optional("event", \.event, "Event of the session."),
        .optional("frame", \.frame, "Type of frame, such as audio."),
        .optional("on", \.on, "Id of the processor that lets the frame out."),
        .optional(
            "transcript", \.transcript, "Words that occur in what one side says; case and punctuation do not count."),
        .optional("by", \.by, "Who says the words."),
        .optional(
            "after", \.after, in: .zero ... .seconds(3600), "When counting begins; by default when the last step does."),
        .optional("within", \.within, in: .zero ... .seconds(3600), "Time from there within which it must come."),
        .optional(
            "absent_after", \.absentAfter, in: .zero ... .seconds(3600),
            "Time in the call after which it must not come."),
        .optional("count", \.count, in: 0...1_000_000, "How often it must come in the whole call.")
    )

    func validate(into issues: inout ParameterIssues) {
        let subjects = [event != nil, frame != nil, transcript != nil].count { $0 }
        if subjects != 1 { issues.error("event", "expect one of event, frame and transcript; here are \(subjects)") }
        let manners = [within != nil, absentAfter != nil, count != nil].count { $0 }
        if manners > 1 { issues.error("within", "within, absent_after and count exclude each other") }
    }
}
