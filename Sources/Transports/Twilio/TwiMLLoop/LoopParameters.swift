// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What a pipeline file may set of calls that go on from webhook to webhook.
public struct LoopParameters: ParameterGroup {
    /// How the caller's words are understood.
    public enum Listening: String, ParameterChoice {
        /// Twilio recognises at once.
        case gather
        /// Twilio records, and makes text of it afterwards.
        case transcription
        /// Twilio records, and the pipeline makes text of it.
        case recogniser

        public var summary: String {
            switch self {
            case .gather: "Twilio recognises at once; the words come with the request for the reply"
            case .transcription: "Twilio records, and makes text of it afterwards; takes many seconds"
            case .recogniser: "Twilio records, and the pipeline's own recogniser makes text of it"
            }
        }
    }

    /// How the caller's words are understood.
    public var listening = Listening.gather
    /// The voice that speaks.
    public var voice: String?
    /// The language of both sides.
    public var language: String?
    /// Words that are likely.
    public var hints: String?
    /// Whether the caller may press keys in the place of words.
    public var keys = true
    /// How many keys are waited for.
    public var keyCount: Int?
    /// How long the caller may say nothing.
    public var silence = Duration.seconds(5)
    /// The longest recording.
    public var maxRecording = Duration.seconds(25)
    /// What is said when nothing was understood.
    public var reprompt = "Sorry, I did not hear you. Please say that again."
    /// What is said before the call is ended.
    public var farewell = "Thank you for calling. Goodbye."
    /// How often nothing may be understood in a row.
    public var maxReprompts = 3
    /// How many replies a call gets.
    public var maxTurns = 100
    /// How long a webhook waits for the agent before Twilio is asked to come again.
    public var answerTimeout = Duration.seconds(8)
    /// How long the agent may take.
    public var replyTimeout = Duration.seconds(30)
    /// How long words may take that are made of a recording.
    public var transcriptTimeout = Duration.seconds(30)
    /// The largest recording that is fetched.
    public var maxRecordingBytes = 4_000_000
    /// Whose recordings are fetched.
    public var recordingHosts = ["api.twilio.com"]

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional("listening", \.listening, "How the caller's words are understood."),
        .optional("voice", \.voice, "The voice that speaks, such as Polly.Joanna; the account's own unless set."),
        .optional("language", \.language, "The language of both sides, such as en-US."),
        .optional("hints", \.hints, "Words that are likely, with commas between them."),
        .optional(
            "keys", \.keys,
            "Whether the caller may press keys in the place of words; where Twilio recognises, and not in recordings."),
        .optional(
            "key_count", \.keyCount, in: 1...32,
            "How many keys are waited for; unless set they end with # or a pause of silence's length."),
        .optional(
            "silence", \.silence, in: .seconds(1) ... .seconds(60), "How long the caller may say nothing."),
        .optional(
            "max_recording", \.maxRecording, in: .seconds(2) ... .seconds(120),
            "The longest recording; keep it shorter than the pipeline's idle limit."),
        .optional("reprompt", \.reprompt, "What is said when nothing was understood."),
        .optional("farewell", \.farewell, "What is said before a call is ended that leads nowhere."),
        .optional(
            "max_reprompts", \.maxReprompts, in: 0...20, "How often in a row nothing may be understood."),
        .optional("max_turns", \.maxTurns, in: 1...10_000, "How many replies a call gets; then it is ended."),
        .optional(
            "answer_timeout", \.answerTimeout, in: .seconds(1) ... .seconds(14),
            "How long a webhook waits for the agent; then Twilio is asked to come again."),
        .optional(
            "reply_timeout", \.replyTimeout, in: .seconds(1) ... .seconds(120),
            "How long the agent may take; then the caller is asked to say it again."),
        .optional(
            "transcript_timeout", \.transcriptTimeout, in: .seconds(1) ... .seconds(120),
            "How long the words of a recording may take; then the caller is asked to say it again."),
        .optional(
            "max_recording_bytes", \.maxRecordingBytes, in: 10_000...50_000_000,
            "The largest recording that is fetched."),
        .optional(
            "recording_hosts", \.recordingHosts,
            "Hosts from which recordings are fetched, besides that of the REST API.")
    )
}
