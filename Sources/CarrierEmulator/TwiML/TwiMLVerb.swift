// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// An instruction of a TwiML document, as far as the emulator carries it out.
enum TwiMLVerb: Equatable, Sendable {
    /// Speaks.
    case say(Say)
    /// Plays a recording, or keys.
    case play(url: String?, digits: String?, loop: Int)
    /// Waits.
    case pause(Duration)
    /// Waits for keys or speech.
    case gather(Gather)
    /// Records what the caller says.
    case record(Record)
    /// Connects somebody else.
    case dial(Dial)
    /// Opens a bidirectional media stream.
    case stream(Stream)
    /// Opens a relay of text.
    case relay(Relay)
    /// Lets the caller wait until somebody takes the call from a queue.
    case enqueue(name: String, Action)
    /// Hands a call of a SIP telephone on to another.
    case refer(to: String, Action)
    /// Goes on with another document.
    case redirect(url: String, method: String)
    /// Hangs up.
    case hangUp
    /// Does not answer.
    case reject(reason: String)

    /// `<Say>`.
    struct Say: Equatable, Sendable {
        var text: String
        /// How often; 0 for ever.
        var loop = 1
    }

    /// Where a verb reports to.
    struct Action: Equatable, Sendable {
        var url: String?
        var method = "POST"
    }

    /// `<Gather>`.
    struct Gather: Equatable, Sendable {
        var action = Action()
        var takesSpeech = false
        var takesKeys = true
        var timeout = Duration.seconds(5)
        /// Silence after speech that ends it; `nil` for the emulator's choice.
        var speechTimeout: Duration?
        var finishOnKey = "#"
        var numDigits: Int?
        var bargeIn = true
        var actionOnEmptyResult = false
        /// `<Say>`, `<Play>` and `<Pause>` inside.
        var prompts: [TwiMLVerb] = []
    }

    /// `<Record>`.
    struct Record: Equatable, Sendable {
        var action = Action()
        var timeout = Duration.seconds(5)
        var finishOnKey = "1234567890*#"
        var maxLength = Duration.seconds(3600)
        var recordingStatusCallback: String?
        var transcribes = false
        var transcribeCallback: String?
    }

    /// `<Dial>`.
    struct Dial: Equatable, Sendable {
        var action = Action()
        var timeout = Duration.seconds(30)
        var callerID: String?
        /// Numbers, SIP addresses, clients.
        var targets: [String] = []
        /// What is asked for instructions to whoever answers.
        var whisper: Action?
    }

    /// `<Connect><Stream>`.
    struct Stream: Equatable, Sendable {
        var action: Action?
        var url: String
        var name = ""
        var statusCallback: Action?
        var parameters: [FormField] = []
    }

    /// `<Connect><ConversationRelay>`.
    struct Relay: Equatable, Sendable {
        var action: Action?
        var url: String
        var welcomeGreeting = ""
        var language = "en-US"
        var isInterruptible = true
        var isGreetingInterruptible = true
        var reportsSpeech = false
        var detectsKeys = false
        var sendsPartialPrompts = false
        var reportsSpeaking = false
        var reportsTokens = false
        var parameters: [FormField] = []
    }
}
