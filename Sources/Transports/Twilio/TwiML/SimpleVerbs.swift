// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension TwiML {
    /// Speaks text.
    struct Say: TwiMLVerb {
        /// What Twilio takes at most: characters.
        static let longest = 4096

        /// The words.
        var text: String
        /// The voice, such as `Polly.Joanna`; the account's own unless set.
        var voice: String?
        /// The language, such as `en-US`.
        var language: String?

        var element: XMLElement {
            var element = XMLElement("Say", [.text(text)])
            element.set("voice", voice)
            element.set("language", language)
            return element
        }

        /// The verbs that speak a text of any length: cut between sentences where that is possible, else between words.
        static func pieces(_ text: String, voice: String? = nil, language: String? = nil) -> [Say] {
            var rest = text[...].drop(while: \.isWhitespace)
            while rest.last?.isWhitespace == true { rest.removeLast() }
            var pieces: [Say] = []
            while !rest.isEmpty {
                let end = rest.index(rest.startIndex, offsetBy: longest, limitedBy: rest.endIndex) ?? rest.endIndex
                let cut = end == rest.endIndex ? end : Self.cut(rest[..<end])
                pieces.append(Say(text: String(rest[..<cut]), voice: voice, language: language))
                rest = rest[cut...].drop(while: \.isWhitespace)
            }
            return pieces
        }

        private static func cut(_ text: Substring) -> String.Index {
            let stop = text.indices.last { index in
                let next = text.index(after: index)
                return ".!?".contains(text[index]) && next < text.endIndex && text[next].isWhitespace
            }
            if let stop { return text.index(after: stop) }
            let space = text.lastIndex(where: \.isWhitespace)
            return space.map { $0 > text.startIndex ? $0 : text.endIndex } ?? text.endIndex
        }
    }

    /// Plays a recording.
    struct Play: TwiMLVerb {
        /// Where the recording is.
        var url: String
        /// How often; 0 for ever.
        var loops: Int?

        var element: XMLElement {
            var element = XMLElement("Play", [.text(url)])
            element.set("loop", loops)
            return element
        }
    }

    /// Waits.
    struct Pause: TwiMLVerb {
        /// How long: whole seconds.
        var length: Duration

        var element: XMLElement {
            var element = XMLElement("Pause")
            element.set("length", seconds: length)
            return element
        }
    }

    /// Goes on with the document at another place.
    struct Redirect: TwiMLVerb {
        /// Where.
        var url: String

        var element: XMLElement {
            var element = XMLElement("Redirect", [.text(url)])
            element.set("method", "POST")
            return element
        }
    }

    /// Ends the call.
    struct Hangup: TwiMLVerb {
        var element: XMLElement { XMLElement("Hangup") }
    }

    /// Refuses a call before it is answered.
    struct Reject: TwiMLVerb {
        var element: XMLElement { XMLElement("Reject") }
    }

    /// Connects the caller with somebody else.
    struct Dial: TwiMLVerb {
        /// Who is called: a number, or the address of a telephone on the internet.
        var target: String
        /// The number that the other side sees; the caller's unless set.
        var callerID: String?
        /// How long it rings.
        var timeout: Duration?
        /// What is asked for instructions when the conversation is over, or did not come about.
        var action: String?
        /// What is asked for instructions to the other side before the two are joined; if these hang up, they are not.
        var whisper: String?

        var element: XMLElement {
            let kind = target.hasPrefix("sip:") || target.hasPrefix("sips:") ? "Sip" : "Number"
            var noun = XMLElement(kind, [.text(target)])
            noun.set("url", whisper)
            if whisper != nil { noun.set("method", "POST") }
            var element = XMLElement("Dial", children: [noun])
            element.set("callerId", callerID)
            element.set("timeout", seconds: timeout)
            element.set("action", action)
            if action != nil { element.set("method", "POST") }
            return element
        }
    }
}
