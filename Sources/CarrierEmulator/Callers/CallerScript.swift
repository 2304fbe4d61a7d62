// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What a caller does in a call: steps that each wait for the agent, or for a moment, and then do one thing.
public struct CallerScript: ProcessorParameters {
    /// The caller's number.
    public var from = "+15550100"
    /// The number that is called.
    public var to = "+15550199"
    /// What the caller does, in order.
    public var steps = [CallerStep(say: "where are you")]
    /// How long the caller waits for what a step waits for.
    public var patience = Duration.seconds(30)
    /// How long the caller stays on the line when there is nothing more to say and the agent is silent.
    public var linger = Duration.seconds(5)

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional("from", \.from, "Number of the caller."),
        .optional("to", \.to, "Number that is called."),
        .required("steps", \.steps, "What the caller does, in order."),
        .optional(
            "patience", \.patience, in: .seconds(1) ... .seconds(600),
            "How long the caller waits for what a step waits for before hanging up."),
        .optional(
            "linger", \.linger, in: .milliseconds(100) ... .seconds(600),
            "How long the caller stays on the line after the last step while the agent says nothing.")
    )

    /// Creates a script.
    public init(_ steps: [CallerStep] = [CallerStep(say: "where are you")]) { self.steps = steps }

    public func validate(into issues: inout ParameterIssues) {
        if steps.count > 1000 { issues.error("steps", "there are \(steps.count); a call has at most 1000") }
    }
}

/// One thing that a caller does, and what it waits for.
///
/// Without `at`, `after` or `over` it waits until the agent has spoken and fallen silent.
public struct CallerStep: ParameterGroup {
    /// A moment since the call was answered.
    public var at: Duration?
    /// Words that the agent must have said since the step before.
    public var after: String?
    /// For how long the agent must have been speaking: the caller talks over it.
    public var over: Duration?
    /// How long the agent must have been silent.
    public var quiet = Duration.milliseconds(700)
    /// Words to say.
    public var say: String?
    /// A recording to play; `say` is then what is said in it.
    public var play: FileReference?
    /// Keys to press.
    public var press: String?
    /// Whether to hang up.
    public var hangup = false

    /// Does nothing: what a step does not name, it does not do.
    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional("at", \.at, in: .zero ... .seconds(3600), "When, counted from the answer."),
        .optional("after", \.after, "Words that the agent must have said, as far as they can be known on the line."),
        .optional(
            "over", \.over, in: .zero ... .seconds(600),
            "For how long the agent must have been speaking; the caller talks over it."),
        .optional(
            "quiet", \.quiet, in: .zero ... .seconds(600), "How long the agent must have been silent before."),
        .optional("say", \.say, "Words to say; a synthetic voice speaks them where the line carries sound."),
        .optional("play", \.play, "Recording to play where the line carries sound; 'say' tells what is said in it."),
        .optional("press", \.press, "Keys of the telephone to press, a tenth of a second apart."),
        .optional("hangup", \.hangup, "Whether to hang up.")
    )

    /// Creates a step that says something once the agent is silent.
    public init(say: String? = nil, press: String? = nil, hangup: Bool = false) {
        self.say = say
        self.press = press
        self.hangup = hangup
    }

    public func validate(into issues: inout ParameterIssues) {
        let actions = [say != nil || play != nil, press != nil, hangup].count { $0 }
        if actions != 1 {
            issues.error("say", "a step does one thing: say or play, press, or hangup; this one does \(actions)")
        }
        if [at != nil, after != nil, over != nil].count(where: { $0 }) > 1 {
            issues.error("at", "a step waits for one thing: at, after or over")
        }
        if let press, press.isEmpty || press.contains(where: { !"0123456789*#".contains($0) }) {
            issues.error("press", "keys are 0-9, * and #")
        }
        if (say ?? "").utf8.count > 4000 { issues.error("say", "give at most 4000 characters") }
    }
}
