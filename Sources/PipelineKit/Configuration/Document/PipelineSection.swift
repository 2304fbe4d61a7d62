// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A section of pipeline files that has parameters of its own, as documentation and editors show it.
public struct PipelineSection: Sendable {
    /// The key in pipeline files.
    public let name: String
    /// What it is about, in one sentence.
    public let summary: String
    /// Its parameters.
    public let schema: AnyParameterSchema

    /// What sessions may cost.
    static let limits = Self(
        name: "limits", summary: "What sessions may cost and how long things may take.",
        schema: PipelineLimits.erasedSchema)
    /// Who may reach the process.
    static let server = Self(
        name: "server", summary: "Who may reach the process, and how much of it one client may take.",
        schema: PipelineServer.erasedSchema)
    /// What remains of calls.
    static let records = Self(
        name: "records", summary: "What remains of calls, and for how long.", schema: PipelineRecords.erasedSchema)

    /// All of them, by name.
    public static let all = [limits, records, server]
}
