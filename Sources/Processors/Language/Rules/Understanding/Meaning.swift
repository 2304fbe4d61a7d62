// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What an utterance means.
enum Meaning: Sendable, Hashable {
    /// A request, with what was said of slots.
    case intent(String, [String: SlotReading])
    /// Values for the slots of an intent, without the request itself.
    case values(intent: String, [String: SlotReading])
    /// A slot by its name, in order to change it.
    case mention(slot: String)
    /// Yes.
    case agree
    /// No.
    case decline
    /// The last reply once more.
    case again
    /// Never mind.
    case cancel
}

/// What the agent waits for, which decides between meanings that fit equally.
struct Expectation: Sendable, Hashable {
    /// The slot that has been asked for.
    var slot: String?
    /// The intent whose slots are being filled.
    var intent: String?
    /// Whether a yes or a no is awaited.
    var isYesNo = false
}
