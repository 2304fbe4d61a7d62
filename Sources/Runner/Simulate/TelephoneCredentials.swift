// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import PipelineKit

/// What a pipeline file lacks for calls to the telephone network.
///
/// A file that reads its credentials from an environment without them cannot be loaded as it is: it is read with
/// stand-ins, and where one of these turns up something is missing.
struct TelephoneCredentials {
    /// Never looked at: what the file has in these places is replaced.
    private static let standIn = "stand-in"
    private static let needed = [
        (key: "account_sid", variable: "TWILIO_ACCOUNT_SID"), (key: "auth_token", variable: "TWILIO_AUTH_TOKEN"),
        (key: "phone_number", variable: "TWILIO_PHONE_NUMBER"),
    ]
    private static let standInURL = "https://no.address.invalid"
    private static let addressVariable = "PUBLIC_BASE_URL"

    /// Whether the file has a telephone at all.
    private(set) var hasTransport = false
    /// What is missing, by the keys and the usual variables.
    private(set) var missing: [String] = []

    /// Looks into a pipeline file.
    ///
    /// - Throws: ``ExitStatus`` when the file has other problems, which are printed.
    init(_ file: String, overrides: [String], in context: RunnerContext) throws {
        var trial = context
        for (_, variable) in Self.needed where (trial.environment[variable] ?? "").isEmpty {
            trial.environment[variable] = Self.standIn
        }
        if (trial.environment[Self.addressVariable] ?? "").isEmpty {
            trial.environment[Self.addressVariable] = Self.standInURL
        }
        var found = Found()
        _ = try trial.load(file, overrides: overrides) { document in
            found = Found(document)
            document.answerTelephone(.mediaStreams, apiURL: "http://127.0.0.1")
        }
        hasTransport = found.hasTransport
        for (key, variable) in Self.needed {
            let value = found.values[key] ?? ""
            let isStandIn = value == Self.standIn && (context.environment[variable] ?? "").isEmpty
            if value.isEmpty || isStandIn { missing.append("\(key) (\(variable))") }
        }
        if found.publicURL == nil || found.publicURL == Self.standInURL {
            missing.append("server.public_url (\(Self.addressVariable))")
        }
    }

    /// What the file says.
    private struct Found {
        var hasTransport = false
        var values: [String: String] = [:]
        var publicURL: String?

        init() {}

        init(_ document: PipelineDocument) {
            publicURL = document.server.publicURL.map { "\($0)" }
            guard let node = document.transports.first(where: { $0.name == "twilio" }) else { return }
            hasTransport = true
            for pair in node.parameters?.mapping ?? [] { values[pair.key] = pair.value.scalar?.text }
        }
    }
}
