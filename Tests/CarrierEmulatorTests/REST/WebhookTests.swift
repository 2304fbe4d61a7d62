// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CarrierEmulator

@Suite struct WebhookTests {
    @Test(arguments: [
        ([FormField("A", "1"), FormField("B", "a b&c=d+é")], "A=1&B=a+b%26c%3Dd%2B%C3%A9"),
        ([FormField("x", "")], "x="), ([], ""),
    ])
    func encodesForms(_ fields: [FormField], _ text: String) {
        #expect(fields.urlEncoded == text)
        #expect([FormField](urlEncoded: text) == fields)
    }

    @Test(arguments: ["%", "%4", "%zz", "a=%C3", "&&=&", "=", "%00"])
    func readsAnyForm(_ text: String) {
        _ = [FormField](urlEncoded: text)
    }

    @Test func publicAddressesLeadToWhereTheAgentIs() {
        var routes = PublicRoutes()
        routes.lead("https://agent.example.com", to: "http://127.0.0.1:8080")
        #expect(routes.resolve("https://agent.example.com/voice?a=1") == "http://127.0.0.1:8080/voice?a=1")
        #expect(routes.resolve("wss://Agent.example.com/media") == "ws://127.0.0.1:8080/media")
        #expect(routes.resolve("https://other.example.com/voice") == "https://other.example.com/voice")
        #expect(PublicRoutes.authority("wss://agent.example.com:444/media") == "agent.example.com:444")
    }
}
