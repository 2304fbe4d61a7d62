// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "8.8.8.8", true),
        ("192.168.1.7", "192.168.1.7", true), ("192.168.1.7", "192.168.1.8", false),
        ("172.16.0.0/12", "172.31.255.255", true), ("172.16.0.0/12", "172.32.0.0", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("10.0.0.0/8", "2001:db8::1", false), ("::/0", "8.8.8.8", false),
    ])
    func containsWhatSharesItsPrefix(_ range: String, _ address: String, _ isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        let address = try #require(IPAddress(address))
        #expect(range.contains(address) == isInside)
    }

    @Test(arguments: ["", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "::1/129", "10.0.0.0/-1", "a"])
    func refusesWhatIsNoRange(_ text: String) { #expect(AddressRange(text) == nil) }

    @Test(arguments: [("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::", false), ("128.0.0.1", false)])
    func knowsThisMachine(_ address: String, _ isLoopback: Bool) throws {
        #expect(try #require(IPAddress(address)).isLoopback == isLoopback)
    }

    @Test(arguments: ["10.1.2.3", "2001:db8::1", "::1"]) func showsAnAddressAsItWasWritten(_ text: String) {
        #expect(IPAddress(text)?.description == text)
    }
}

@Suite struct PublicURLTests {
    @Test(arguments: [
        ("https://voice.example.com", "https://voice.example.com"), ("http://localhost:8080/", "http://localhost:8080"),
        ("HTTPS://a.b/agent//", "https://a.b/agent"), ("http://[::1]:80", "http://[::1]:80"),
    ])
    func keepsSchemeHostAndPath(_ text: String, _ url: String) { #expect(PublicURL(text)?.description == url) }

    @Test(arguments: [
        "", "voice.example.com", "ftp://a", "https://", "https://a?b", "https://u@a", "https://a b", "https:///x",
    ])
    func refusesWhatIsNoAddress(_ text: String) { #expect(PublicURL(text) == nil) }
}
