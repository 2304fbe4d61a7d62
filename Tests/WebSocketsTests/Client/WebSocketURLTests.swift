// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WebSockets

@Suite struct WebSocketURLTests {
    @Test(arguments: [
        ("ws://example.com", "example.com", 80, "/", "example.com"),
        ("WSS://example.com/a?b=c", "example.com", 443, "/a?b=c", "example.com"),
        ("ws://localhost:8080?x", "localhost", 8080, "/?x", "localhost:8080"),
        ("wss://[2001:db8::1]:1/x", "2001:db8::1", 1, "/x", "[2001:db8::1]:1"),
        ("ws://h:80/", "h", 80, "/", "h"),
    ])
    func readsAddresses(_ text: String, _ host: String, _ port: Int, _ target: String, _ authority: String) throws {
        let url = try WebSocketURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(url.authority == authority)
    }

    @Test(arguments: [
        "", "example.com", "http://example.com", "ws://", "ws:///x", "ws://h:0", "ws://h:65536", "ws://h:x", "ws://u@h",
        "ws://h/#f", "ws://h/a b", "ws://h/ü", "ws://[::1", "ws://[::1]8", "ws://h/\r\nx: y",
    ])
    func refusesWhatIsNone(_ text: String) {
        let error = #expect(throws: WebSocketError.self) { try WebSocketURL(text) }
        #expect(error?.code == .badURL)
    }

    @Test func keepsTokensOutOfMessages() {
        let error = #expect(throws: WebSocketError.self) { try WebSocketURL("http://h/x?token=s3cret") }
        #expect(error?.message.contains("s3cret") == false)
    }
}
