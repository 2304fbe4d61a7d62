// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Remembers calls that are over, for whoever asks about them by id.
public protocol CallArchive: Sendable {
    /// What is known of a call: a JSON object with at least `id`, `state` and `end_reason`; `nil` when it is unknown.
    ///
    /// - Throws: When the records cannot be read now; the call itself is not concerned.
    func call(_ id: String) async throws -> JSONValue?
}
