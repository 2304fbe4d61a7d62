// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What is left of a call when it is over.
public struct CallReport: Sendable {
    /// A line of the conversation.
    public struct Line: Sendable, Hashable {
        /// Time since the answer.
        public var time: Duration
        /// Whether the caller said it.
        public var isCaller: Bool
        /// The words.
        public var text: String
    }

    /// The call's name.
    public var sid: String
    /// How it ended.
    public var status: CallStatus
    /// Everything that happened, in order.
    public var events: [CarrierEvent]
    /// The media streams of the call, in order.
    public var streams: [MediaStreamOutcome]
    /// The text relays of the call, in order.
    public var relays: [RelayOutcome]
    /// What the caller waited for in vain.
    public var complaint: String?

    /// What the carrier's console would list, streams and relays included.
    public var warnings: [CarrierWarning] {
        events.compactMap { if case .warning(let warning) = $0.kind { warning } else { nil } }
    }

    /// What was said, as far as it can be known on the line: on a media stream only the caller's side.
    public var transcript: [Line] {
        events.compactMap { event in
            switch event.kind {
            case .agentSaid(let text, _): Line(time: event.time, isCaller: false, text: text)
            case .callerSaid(let text): Line(time: event.time, isCaller: true, text: text)
            default: nil
            }
        }
    }

    /// The requests that were made to an address that ends like this, in order: their fields.
    public func requests(to suffix: String) -> [[FormField]] {
        events.compactMap { event in
            guard case .request(let url, let fields, _) = event.kind, url.hasSuffix(suffix) else { return nil }
            return fields
        }
    }
}
