// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Reads TwiML as the carrier does: case-sensitive names, unknown attributes warned of, nonsense refused.
struct TwiMLReader {
    /// A document and what is odd about it.
    struct Document: Equatable {
        var verbs: [TwiMLVerb]
        var warnings: [CarrierWarning]
    }

    private static let longestText = 4096
    private static let longestParameter = 500

    private var warnings: [CarrierWarning] = []

    /// Reads a document.
    ///
    /// - Throws: A ``CarrierWarning`` when the call cannot go on: 12100 for what is no XML, 12200 for what is no TwiML.
    static func read(_ bytes: [UInt8]) throws(CarrierWarning) -> Document {
        let root: XMLElement
        do { root = try XMLReader.read(bytes) } catch { throw CarrierWarning(12100, "no XML: \(error)") }
        guard root.name == "Response" else {
            throw CarrierWarning(12200, "the root element is '\(root.name)', not 'Response'")
        }
        var reader = TwiMLReader()
        var verbs: [TwiMLVerb] = []
        for element in root.elements { verbs += try reader.verbs(element) }
        if let late = verbs.dropFirst().first(where: { if case .reject = $0 { true } else { false } }) {
            reader.warn("'Reject' must come first", late)
        }
        return Document(verbs: verbs, warnings: reader.warnings)
    }

    private mutating func warn(_ message: String, _ verb: TwiMLVerb? = nil) {
        if warnings.count < 100 { warnings.append(CarrierWarning(12200, message)) }
    }

    private mutating func verbs(_ element: XMLElement) throws(CarrierWarning) -> [TwiMLVerb] {
        switch element.name {
        case "Say": return [try say(element)]
        case "Play": return [try play(element)]
        case "Pause":
            check(element, ["length"])
            return [.pause(seconds(element["length"]) ?? .seconds(1))]
        case "Gather": return [try gather(element)]
        case "Record": return [record(element)]
        case "Dial": return [dial(element)]
        case "Connect": return try connect(element)
        case "Redirect":
            check(element, ["method"])
            return [.redirect(url: element.text, method: element["method"] ?? "POST")]
        case "Hangup": return [.hangUp]
        case "Reject":
            check(element, ["reason"])
            return [.reject(reason: element["reason"] ?? "rejected")]
        case "Enqueue": return [try enqueue(element)]
        case "Refer": return [try refer(element)]
        case "Start", "Stop", "Leave", "Pay", "Prompt":
            // What is skipped would make the call another one.
            throw CarrierWarning(12200, "'\(element.name)' is not carried out by the emulator; the call ends here")
        default: throw CarrierWarning(12200, "'\(element.name.prefix(40))' is no verb")
        }
    }

    // MARK: Verbs

    private mutating func say(_ element: XMLElement) throws(CarrierWarning) -> TwiMLVerb {
        check(element, ["voice", "language", "loop"])
        let text = element.text
        guard text.count <= Self.longestText else {
            throw CarrierWarning(13520, "'Say' has \(text.count) characters; at most \(Self.longestText) are spoken")
        }
        return .say(.init(text: text, loop: number(element["loop"]) ?? 1))
    }

    private mutating func play(_ element: XMLElement) throws(CarrierWarning) -> TwiMLVerb {
        check(element, ["loop", "digits"])
        let digits = element["digits"]
        if let digits, digits.contains(where: { !"0123456789*#wW".contains($0) }) {
            throw CarrierWarning(13430, "'Play' has digits other than 0-9 * # w W")
        }
        let url = element.text
        guard digits != nil || !url.isEmpty else {
            throw CarrierWarning(13420, "'Play' has neither an address nor digits")
        }
        return .play(url: url.isEmpty ? nil : url, digits: digits, loop: number(element["loop"]) ?? 1)
    }

    private mutating func gather(_ element: XMLElement) throws(CarrierWarning) -> TwiMLVerb {
        check(
            element,
            [
                "input", "action", "method", "timeout", "speechTimeout", "maxSpeechTime", "finishOnKey", "numDigits",
                "language", "hints", "profanityFilter", "partialResultCallback", "partialResultCallbackMethod",
                "bargeIn",
                "speechModel", "enhanced", "actionOnEmptyResult", "debug",
            ])
        let inputs = (element["input"] ?? "dtmf").split(separator: " ")
        var gather = TwiMLVerb.Gather(action: action(element))
        gather.takesSpeech = inputs.contains("speech")
        gather.takesKeys = inputs.contains("dtmf")
        gather.timeout = seconds(element["timeout"]) ?? gather.timeout
        gather.speechTimeout = seconds(element["speechTimeout"])
        gather.finishOnKey = element["finishOnKey"] ?? gather.finishOnKey
        gather.numDigits = number(element["numDigits"])
        gather.bargeIn = element["bargeIn"] != "false"
        gather.actionOnEmptyResult = element["actionOnEmptyResult"] == "true"
        for child in element.elements {
            guard ["Say", "Play", "Pause"].contains(child.name) else {
                throw CarrierWarning(13330, "'\(child.name)' is not allowed inside 'Gather'")
            }
            gather.prompts += try verbs(child)
        }
        return .gather(gather)
    }

    private mutating func record(_ element: XMLElement) -> TwiMLVerb {
        check(
            element,
            [
                "action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim",
                "recordingStatusCallback",
                "recordingStatusCallbackMethod", "recordingStatusCallbackEvent", "transcribe", "transcribeCallback",
            ])
        var record = TwiMLVerb.Record(action: action(element))
        record.timeout = seconds(element["timeout"]) ?? record.timeout
        record.finishOnKey = element["finishOnKey"] ?? record.finishOnKey
        record.maxLength = seconds(element["maxLength"]) ?? record.maxLength
        record.recordingStatusCallback = element["recordingStatusCallback"]
        record.transcribeCallback = element["transcribeCallback"]
        record.transcribes = element["transcribe"] == "true" || record.transcribeCallback != nil
        return .record(record)
    }

    private mutating func dial(_ element: XMLElement) -> TwiMLVerb {
        check(
            element,
            [
                "action", "method", "timeout", "timeLimit", "callerId", "hangupOnStar", "record", "trim",
                "recordingTrack", "recordingStatusCallback", "recordingStatusCallbackMethod",
                "recordingStatusCallbackEvent", "answerOnBridge", "ringTone", "sequential", "referUrl", "referMethod",
                "events",
            ])
        var dial = TwiMLVerb.Dial(action: action(element), callerID: element["callerId"])
        dial.timeout = seconds(element["timeout"]) ?? dial.timeout
        let nouns = element.elements.prefix(10)
        dial.targets = nouns.isEmpty ? [element.text] : nouns.map(\.text)
        dial.whisper = nouns.first.flatMap { noun in
            noun["url"].map { TwiMLVerb.Action(url: $0, method: noun["method"] ?? "POST") }
        }
        return .dial(dial)
    }

    private mutating func enqueue(_ element: XMLElement) throws(CarrierWarning) -> TwiMLVerb {
        check(element, ["action", "method", "maxQueueSize", "waitUrl", "waitUrlMethod", "workflowSid"])
        guard !element.text.isEmpty else { throw CarrierWarning(12200, "'Enqueue' names no queue") }
        return .enqueue(name: element.text, action(element))
    }

    private mutating func refer(_ element: XMLElement) throws(CarrierWarning) -> TwiMLVerb {
        check(element, ["action", "method"])
        guard let target = element.elements.first, target.name == "Sip", !target.text.isEmpty else {
            throw CarrierWarning(12200, "'Refer' has no 'Sip' with an address inside")
        }
        return .refer(to: target.text, action(element))
    }

    private mutating func connect(_ element: XMLElement) throws(CarrierWarning) -> [TwiMLVerb] {
        check(element, ["action", "method"])
        let action = element["action"].map { TwiMLVerb.Action(url: $0, method: element["method"] ?? "POST") }
        guard let noun = element.elements.first else { throw CarrierWarning(12200, "'Connect' has nothing inside") }
        switch noun.name {
        case "Stream": return [try stream(noun, action)]
        case "ConversationRelay": return [try relay(noun, action)]
        default: throw CarrierWarning(12200, "'\(noun.name)' inside 'Connect' is not carried out by the emulator")
        }
    }

    private mutating func stream(_ element: XMLElement, _ action: TwiMLVerb.Action?) throws(CarrierWarning) -> TwiMLVerb
    {
        check(element, ["url", "name", "track", "statusCallback", "statusCallbackMethod", "connectorName"])
        guard let url = element["url"] else { throw CarrierWarning(12200, "'Stream' has no url") }
        if let track = element["track"], track != "inbound_track" {
            throw CarrierWarning(12200, "a bidirectional stream has only the inbound track, not '\(track)'")
        }
        var stream = TwiMLVerb.Stream(action: action, url: url, name: element["name"] ?? "")
        stream.statusCallback = element["statusCallback"].map {
            .init(url: $0, method: element["statusCallbackMethod"] ?? "POST")
        }
        stream.parameters = try parameters(element)
        return .stream(stream)
    }

    private mutating func relay(_ element: XMLElement, _ action: TwiMLVerb.Action?) throws(CarrierWarning) -> TwiMLVerb
    {
        guard let url = element["url"] else { throw CarrierWarning(64101, "'ConversationRelay' has no url") }
        var relay = TwiMLVerb.Relay(action: action, url: url)
        let allows = { (value: String?) in !["none", "dtmf", "false"].contains(value ?? "any") }
        let events = "\(element["events"] ?? "") \(element["debug"] ?? "")".split(separator: " ")
        relay.welcomeGreeting = element["welcomeGreeting"] ?? ""
        relay.language = element["language"] ?? relay.language
        relay.isInterruptible = allows(element["interruptible"])
        relay.isGreetingInterruptible = allows(element["welcomeGreetingInterruptible"])
        relay.reportsSpeech = ["speech", "any"].contains(element["reportInputDuringAgentSpeech"] ?? "none")
        relay.detectsKeys = element["dtmfDetection"] == "true"
        relay.sendsPartialPrompts = element["partialPrompts"] == "true"
        relay.reportsSpeaking = events.contains("speaker-events")
        relay.reportsTokens = events.contains("tokens-played")
        relay.parameters = try parameters(element)
        return .relay(relay)
    }

    // MARK: Attributes

    private mutating func parameters(_ element: XMLElement) throws(CarrierWarning) -> [FormField] {
        var fields: [FormField] = []
        for child in element.elements where child.name == "Parameter" {
            let field = FormField(child["name"] ?? "", child["value"] ?? "")
            guard !field.name.isEmpty, (field.name + field.value).count < Self.longestParameter else {
                throw CarrierWarning(12200, "a 'Parameter' needs a name, and fewer than 500 characters with its value")
            }
            fields.append(field)
        }
        return fields
    }

    private func action(_ element: XMLElement) -> TwiMLVerb.Action {
        TwiMLVerb.Action(url: element["action"], method: element["method"] ?? "POST")
    }

    private mutating func check(_ element: XMLElement, _ known: Set<String>) {
        for attribute in element.attributes where !known.contains(attribute.name) {
            warn("'\(element.name)' has an unknown attribute '\(attribute.name.prefix(40))'")
        }
    }

    private func number(_ text: String?) -> Int? { text.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }

    private func seconds(_ text: String?) -> Duration? { number(text).map { .seconds(min($0, 86_400)) } }
}
