// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@Suite struct PipelineServerTests {
    private func read(_ server: String) -> (PipelineServer?, [String]) {
        var diagnostics = Diagnostics()
        let text = "pipeline: p\nprocessors:\n  - caller:\n  - speaker:\nserver:\n" + server
        let document = PipelineReader().read(text, file: "p.yaml", into: &diagnostics)
        return (document?.server, diagnostics.all.map { "\($0)" })
    }

    @Test func isReadFromThePipelineFile() throws {
        let (server, problems) = read(
            """
              host: 0.0.0.0
              public_url: https://voice.example.com
              tls: {certificate: a.pem, key: b.pem}
              api_keys: [0123456789abcdef]
              trusted_proxies: [10.0.0.0/8, "::1"]
              requests_per_minute: 60
            """)
        #expect(problems.isEmpty)
        #expect(server?.host == "0.0.0.0")
        #expect(server?.publicURL == PublicURL("https://voice.example.com"))
        #expect(server?.trustedProxies == [AddressRange("10.0.0.0/8"), AddressRange("::1")].compactMap(\.self))
        #expect(server?.requestsPerMinute == 60)
        #expect("\(server?.apiKeys ?? [])" == "[***]")
    }

    @Test(arguments: [
        ("  host: 0.0.0.0", "p.yaml:6:9: error: server.host: '0.0.0.0' is open to other machines"),
        ("  hosst: a", "p.yaml:6:3: error: server.hosst: unknown parameter; did you mean 'host'?"),
        ("  api_keys: [short]", "p.yaml:6:13: error: server.api_keys: a key of fewer than 16 characters"),
        ("  trusted_proxies: [10.0.0.1/8]", "p.yaml:6:21: error: server.trusted_proxies[0]: expected an address"),
        ("  public_url: voice.example.com", "p.yaml:6:15: error: server.public_url: expected an address such as"),
        ("  tls: {certificate: a.pem}", "p.yaml:6:8: error: server.tls.key: required but missing"),
    ])
    func namesThePlaceOfAProblem(_ server: String, _ problem: String) {
        let (_, problems) = read(server)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(problem) == true, "\(problems)")
    }

    @Test func otherMachinesMaySpeakPlainOnlyWhenSomebodySaysSo() {
        #expect(read("  host: 0.0.0.0\n  allow_plain: true").1.isEmpty)
        #expect(read("  host: localhost").1.isEmpty)
        #expect(read("  host: \"::1\"").1.isEmpty)
    }
}
