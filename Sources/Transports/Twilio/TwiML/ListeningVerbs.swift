// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension TwiML {
    /// Listens: what the caller says, or presses, comes with the request to `action`.
    struct Gather: TwiMLVerb {
        /// What is listened for: `speech`, `dtmf` or `dtmf speech`.
        var input = "speech"
        /// Where the words go, and where instructions are asked for.
        var action: String
        /// How long the caller may be silent at first.
        var timeout: Duration?
        /// How long a silence ends the caller's words; Twilio decides unless set.
        var speechTimeout: Duration?
        /// The caller's language, such as `en-US`.
        var language: String?
        /// Words that are likely.
        var hints: String?
        /// How many keys are waited for; without a number they end with `#` or a pause.
        var keyCount: Int?
        /// Whether the caller may break into what is said.
        var bargeIn = true
        /// What is said meanwhile.
        var prompts: [any TwiMLVerb] = []

        var element: XMLElement {
            var element = XMLElement("Gather", children: prompts.map(\.element))
            element.set("input", input)
            element.set("action", action)
            element.set("method", "POST")
            element.set("timeout", seconds: timeout)
            if let speechTimeout {
                element.set("speechTimeout", seconds: speechTimeout)
            } else {
                element.set("speechTimeout", "auto")
            }
            element.set("language", language)
            element.set("hints", hints)
            element.set("numDigits", keyCount)
            element.set("bargeIn", bargeIn)
            // Otherwise silence falls through to the next verb and is never told.
            element.set("actionOnEmptyResult", true)
            return element
        }
    }

    /// Records what the caller says; where the recording is comes with the request to `action`.
    struct Record: TwiMLVerb {
        /// Where instructions are asked for.
        ///
        /// Without one Twilio would ask the present address again, for ever.
        var action: String
        /// How long a silence ends the recording.
        var timeout: Duration?
        /// The longest recording.
        var maxLength: Duration?
        /// Whether a tone tells the caller to speak.
        var playBeep = false
        /// Where the words go that Twilio makes of the recording, later; it makes none unless set.
        var transcribeCallback: String?

        var element: XMLElement {
            var element = XMLElement("Record")
            element.set("action", action)
            element.set("method", "POST")
            element.set("timeout", seconds: timeout)
            element.set("maxLength", seconds: maxLength)
            element.set("playBeep", playBeep)
            // A silent beginning would move the words' times.
            element.set("trim", "do-not-trim")
            if let transcribeCallback {
                element.set("transcribe", true)
                element.set("transcribeCallback", transcribeCallback)
            }
            return element
        }
    }

    /// Hands the call over to a WebSocket.
    struct Connect: TwiMLVerb {
        /// What runs on the WebSocket.
        var service: any TwiMLVerb
        /// Where instructions are asked for when it is over.
        var action: String?

        var element: XMLElement {
            var element = XMLElement("Connect", children: [service.element])
            element.set("action", action)
            if action != nil { element.set("method", "POST") }
            return element
        }
    }

    /// A name and a value that come back in the first message of a WebSocket.
    struct Parameter: TwiMLVerb {
        /// The name.
        var name: String
        /// The value.
        var value: String

        var element: XMLElement {
            var element = XMLElement("Parameter")
            element.set("name", name)
            element.set("value", value)
            return element
        }
    }

    /// A Media Stream in both directions; stands in `Connect`.
    struct Stream: TwiMLVerb {
        /// The WebSocket.
        var url: String
        /// What its first message brings back.
        var parameters: [Parameter] = []

        var element: XMLElement {
            var element = XMLElement("Stream", children: parameters.map(\.element))
            element.set("url", url)
            return element
        }
    }
}
