// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics

/// Counts what goes wrong on the way from and to Twilio.
struct TwilioCounters: Sendable {
    /// Something that goes wrong.
    enum Event: String, CaseIterable {
        /// A request or a stream that was not signed, or bore no good token.
        case refused
        /// A message without sense.
        case malformed
        /// Sound that was missing, so that silence took its place.
        case missing
        /// Sound that came twice.
        case duplicate
        /// Sound that came behind what follows it.
        case late
        /// A request to Twilio that failed.
        case failed
    }

    private let counters: [Event: Counter]

    /// Creates counters at zero.
    init() {
        let pairs = Event.allCases.map {
            ($0, Counter(label: "twilio_events_total", dimensions: [("event", $0.rawValue)]))
        }
        counters = Dictionary(uniqueKeysWithValues: pairs)
    }

    /// Counts an event.
    func count(_ event: Event) { counters[event]?.increment() }
}
