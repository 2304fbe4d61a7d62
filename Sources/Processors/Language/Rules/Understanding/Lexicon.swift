// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What the names in patterns stand for.
struct Lexicon: Sendable {
    /// How the values of each slot are said; without slots and parts inside.
    var slots: [String: Pattern] = [:]
    /// What each part stands for; without parts inside.
    var parts: [String: Pattern] = [:]
}
