// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import Runner

@Suite struct CallCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func pipeline(_ transport: String, _ rest: String = "") throws -> String {
        try directory.write(
            """
            pipeline: phone
            transports:
              - \(transport)
            \(rest)
            processors:
              - caller:
              - echo:
              - speaker:
            """, to: "phone.yaml")
    }

    @Test(arguments: ["5550101", "", "+1555O101", "tel:+15550101"])
    func callsNoNumberThatIsNone(number: String) async throws {
        let result = await CommandResult.of("call", number, try pipeline("twilio: { check_signatures: false }"))
        #expect(result.status == .usage && result.printed.report.contains("nothing was dialled"))
    }

    @Test func needsATelephone() async throws {
        let result = await CommandResult.of("call", "+15550101", try pipeline("file: {}"))
        #expect(result.status == .problems && result.printed.report.contains("add 'twilio' under 'transports:'"))
    }

    @Test func aRealCallNamesWhatIsMissing() async throws {
        let file = try pipeline("twilio: { check_signatures: false, account_sid: AC1 }")
        let result = await CommandResult.of("call", "+15550101", file, "--real")
        #expect(result.status == .problems)
        for name in ["nothing was dialled", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER", "--simulate"] {
            #expect(result.printed.report.contains(name), "\(name)")
        }
        #expect(!result.printed.report.contains("TWILIO_ACCOUNT_SID"))
    }

    @Test func needsAnAddressThatTwilioReaches() async throws {
        let file = try pipeline("twilio: { account_sid: AC1, auth_token: secret-token, phone_number: \"+15550100\" }")
        let result = await CommandResult.of("call", "+15550101", file, "--real")
        #expect(result.status == .problems && result.printed.report.contains("server.public_url"))
        #expect(!result.printed.report.contains("secret-token"))
    }

    /// Without credentials, and with them where it is asked for: the call stays in the house, and it is said why.
    @Test(arguments: [
        (
            "twilio: { auth_token: \"${TWILIO_AUTH_TOKEN}\", account_sid: AC1 }", [String](),
            "auth_token (TWILIO_AUTH_TOKEN)"
        ),
        ("twilio: { account_sid: AC1, auth_token: t, phone_number: \"+15550100\" }", ["--simulate"], "as asked for"),
    ])
    func simulatesWhatCannotOrShallNotBeDialled(transport: String, flags: [String], reason: String) async throws {
        let file = try pipeline(transport)
        let result = await CommandResult.of(
            arguments: ["call", "+15550101", file, "--say", "hello", "--records", directory.root] + flags)
        #expect(result.printed.report.contains("simulated: "))
        #expect(result.printed.report.contains(reason), "\(result.printed.report)")
        #expect(result.printed.report.contains("Calling +15550101"), "\(result.printed.report)")
        #expect(result.status == .good, "\(result.printed.report)")
    }

    @Test(arguments: [["--real", "--simulate"], ["--real", "--say", "hello"]])
    func contradictionsAreRefused(flags: [String]) async throws {
        let result = await CommandResult.of(
            arguments: ["call", "+15550101", try pipeline("twilio: { check_signatures: false }")] + flags)
        #expect(result.status == .usage)
    }

    @Test func requestsThatCannotBeToldFromForgedOnesAreAProblem() async throws {
        let result = await CommandResult.of("lint", try pipeline("twilio: {}"))
        #expect(result.status == .problems && result.printed.result.contains("twilio.auth_token: missing"))
    }
}
