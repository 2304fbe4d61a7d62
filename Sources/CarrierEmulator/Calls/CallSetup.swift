// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a call begins with.
public struct CallSetup: Sendable {
    /// Where the agent's instructions come from.
    public enum Program: Sendable, Hashable {
        /// A document that is requested.
        case url(String, method: String = "POST")
        /// A document that is there.
        case document(String)
    }

    /// The agent's instructions.
    public var program: Program
    /// Where they come from when the first address fails.
    public var fallbackURL: String?
    /// The caller's number.
    public var from: String
    /// The called number.
    public var to: String
    /// Whether the agent placed the call.
    public var isOutbound = false
    /// Who is at the other end, and what she does.
    public var party = CallParty()
    /// Where changes of status are reported.
    public var statusCallback: String?
    /// Which changes; an inbound call, and one that does not say, reports only the end.
    public var statusEvents: Set<String> = ["completed"]
    /// How long it may ring.
    public var ringLimit = Duration.seconds(60)
    /// Whether it is found out who answered, and whether the call waits for that.
    public var machineDetection = MachineDetection.none

    /// When it is told who answered.
    public enum MachineDetection: Sendable, Hashable {
        /// Never.
        case none
        /// With the request for instructions.
        case blocking
        /// To an address of its own, while the call goes on.
        case reported(to: String)
    }

    /// Creates a call to an agent.
    public init(_ program: Program, from: String, to: String, party: CallParty = CallParty()) {
        self.program = program
        self.from = from
        self.to = to
        self.party = party
    }
}

/// The person, or machine, at the carrier's end of a line.
public struct CallParty: Sendable {
    /// What happens when it rings.
    public enum Answer: Sendable, Hashable {
        /// Somebody answers.
        case answers
        /// The line is taken.
        case busy
        /// Nobody is there.
        case noAnswer
        /// There is no such number.
        case fails
    }

    /// What happens when it rings.
    public var answer = Answer.answers
    /// How long it rings before that.
    public var ringing = Duration.seconds(1)
    /// Who answers, in the words of machine detection.
    public var answeredBy = "human"
    /// What the party does.
    public var script = CallerScript([])
    /// The sound of it, for lines that carry sound.
    public var sound = SpokenScript()
    /// What the network does to media streams.
    public var faults = NetworkFaults()
    /// Whether media streams are recorded.
    public var isRecorded = true

    /// Creates somebody who answers and says nothing.
    public init() {}

    /// Creates somebody who answers and does what a script says.
    public init(_ script: CallerScript, sound: SpokenScript = SpokenScript()) {
        self.script = script
        self.sound = sound
    }
}
