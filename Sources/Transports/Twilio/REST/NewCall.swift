// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// A call that is to be placed.
struct NewCall: Sendable {
    /// Who is called, in E.164.
    var to: String
    /// The number that calls, in E.164.
    var from: String
    /// Where Twilio asks for instructions once somebody has answered.
    var url: String
    /// What is told how the call goes.
    var statusCallback: String
    /// How long it rings.
    var ringing: Duration
    /// Whether and how an answering machine is looked for.
    var machineDetection: MachineDetection
    /// What is told whether it was one.
    var machineCallback: String

    /// The request's content.
    var form: String {
        var form = FormText()
        form.add("To", to)
        form.add("From", from)
        form.add("Url", url)
        form.add("StatusCallback", statusCallback)
        for event in ["initiated", "ringing", "answered", "completed"] { form.add("StatusCallbackEvent", event) }
        form.add("Timeout", String(max(1, ringing.nanoseconds / 1_000_000_000)))
        if let value = machineDetection.value {
            form.add("MachineDetection", value)
            // The other way whoever answers hears nothing for seconds.
            form.add("AsyncAmd", "true")
            form.add("AsyncAmdStatusCallback", machineCallback)
        }
        return form.text
    }
}

/// Whether an answering machine is looked for.
public enum MachineDetection: String, ParameterChoice {
    /// Nobody looks.
    case off
    /// As early as possible.
    case early
    /// When the greeting is over and a message can be left.
    case messageEnd = "message_end"

    public var summary: String {
        switch self {
        case .off: "nobody looks who answers"
        case .early: "says as early as possible whether a person or a machine answered; costs extra"
        case .messageEnd: "says when the machine's greeting is over, so that a message can be left; costs extra"
        }
    }

    var value: String? {
        switch self {
        case .off: nil
        case .early: "Enable"
        case .messageEnd: "DetectMessageEnd"
        }
    }
}

/// A call as Twilio describes it.
struct PlacedCall: Sendable, Equatable {
    /// Its name.
    var sid: String
    /// Who is called.
    var to: String
    /// Who calls.
    var from: String
    /// How far it is, such as `queued`.
    var status: String
    /// When it was made, in seconds since 1970.
    var createdAt: Int?

    /// Reads Twilio's description; `nil` if it names no call.
    init?(_ value: JSONValue) {
        guard let sid = value["sid"]?.string, sid.hasPrefix("CA"), sid.utf8.count <= 64 else { return nil }
        self.sid = sid
        to = value["to"]?.string ?? ""
        from = value["from"]?.string ?? ""
        status = value["status"]?.string ?? ""
        createdAt = value["date_created"]?.string.flatMap(MailDate.seconds(of:))
    }
}
