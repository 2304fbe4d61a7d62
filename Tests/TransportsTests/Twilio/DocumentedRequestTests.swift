// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

/// The requests that the users' own documents show, sent byte for byte as `curl` sends them.
@Suite struct DocumentedRequestTests {
    /// A command line of `curl`, and what of it goes over the wire.
    struct CurlLine: CustomTestStringConvertible, Sendable {
        let testDescription: String
        private(set) var method = "GET"
        private(set) var url = ""
        private(set) var headers: [String] = []
        private(set) var body: String?

        /// Reads a command as a shell would: words, quotes, and lines that go on behind a backslash.
        init(_ text: String) {
            testDescription = text
            var words = Self.words(text).dropFirst()
            while let word = words.popFirst() {
                switch word {
                case "-X": method = words.popFirst() ?? ""
                case "-H": headers.append(words.popFirst() ?? "")
                case "-d": body = words.popFirst()
                default: url = word
                }
            }
        }

        private static func words(_ text: String) -> [String] {
            var (words, quote): ([String], Character?) = ([""], nil)
            for character in text.replacing("\\\n", with: " ") {
                switch (character, quote) {
                case ("'", nil), ("\"", nil): quote = character
                case (" ", nil): words.append("")
                case let (character, open) where character == open: quote = nil
                default: words[words.count - 1].append(character)
                }
            }
            return words.filter { !$0.isEmpty }
        }

        /// The request; that it be the connection's last is the test's own wish.
        var bytes: String {
            let place = url.dropFirst("http://".count)
            let host = place.prefix { $0 != "/" }
            var lines = ["\(method) \(place.dropFirst(host.count)) HTTP/1.1", "Host: \(host)"]
            lines += ["User-Agent: curl/7.88.1", "Accept: */*"] + headers
            if let body { lines.append("Content-Length: \(body.utf8.count)") }
            return (lines + ["Connection: close", "", ""]).joined(separator: "\r\n") + (body ?? "")
        }
    }

    /// Sends a line to a server that has nothing set but an account, and no keys: one on its owner's own machine.
    private func answer(
        _ line: CurlLine, _ exchange: ScriptedExchange
    ) async throws -> (head: String, body: JSONValue) {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        return try await TwilioRig.with(builder.build(), exchange: exchange) { rig in
            let answer = try await RawClient.exchange(line.bytes, port: rig.server.port)
            let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
            try #require(parts.count == 2, "\(answer)")
            return (String(parts[0]), try JSONValue(parsing: parts[1].utf8))
        }
    }

    @Test(arguments: [
        CurlLine(
            #"""
            curl -X POST "http://localhost:8000/call/initiate" \
              -H "Content-Type: application/json" \
              -d '{"to": "+1234567890"}'
            """#),
        // The plus is a plus to whoever writes it, and a space to whoever reads a query by the book.
        CurlLine(#"curl -X POST "http://localhost:8000/call/initiate?phone_number=+1234567890""#),
        CurlLine(#"curl -X POST http://localhost:8000/call/initiate?phone_number=+1234567890"#),
    ])
    func placeACall(_ line: CurlLine) async throws {
        let exchange = ScriptedExchange(.call("CA9", to: "+1234567890"))
        let (head, body) = try await answer(line, exchange)
        #expect(head.hasPrefix("HTTP/1.1 200 ") && head.contains("content-type: application/json"))
        #expect(
            body == [
                "call_sid": "CA9", "status": "initiated", "phone_number": "+1234567890", "mode": "real",
                "reason": "the number is called",
            ])
        #expect(exchange.requests.count == 1)
        #expect(exchange.requests.first?.hasPrefix("POST /Accounts/AC1/Calls.json To=%2B1234567890&") == true)
    }

    @Test func tellWhichCallsThereAre() async throws {
        let (head, body) = try await answer(
            CurlLine(#"curl "http://localhost:8000/calls/active""#), ScriptedExchange())
        #expect(head.hasPrefix("HTTP/1.1 200 "))
        #expect(body == ["count": 0, "calls": []])
    }

    @Test func tellHowTheServerIs() async throws {
        let (head, body) = try await answer(CurlLine(#"curl "http://localhost:8000/health""#), ScriptedExchange())
        #expect(head.hasPrefix("HTTP/1.1 200 "))
        #expect(body["status"] == "ok" && body["ready"] == true)
    }
}
