// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import Testing

@testable import Providers

@Suite struct HTTPToolExchangeTests {
    private func parameters(
        _ url: String, _ method: HTTPToolParameters.Method = .get,
        _ change: (inout HTTPToolParameters) -> Void = { _ in }
    ) -> HTTPToolParameters {
        var parameters = HTTPToolParameters(name: "weather", description: "", url: url)
        parameters.method = method
        change(&parameters)
        return parameters
    }

    private func invocation(_ arguments: JSONValue) -> ToolInvocation {
        ToolInvocation(
            call: ToolCall(id: "1", name: "weather", arguments: arguments.description),
            arguments: arguments,
            turn: TurnID(1), idempotencyKey: "key-1")
    }

    @Test func argumentsStandInPathAndQuery() throws {
        let request = try HTTPToolExchange.request(
            invocation(["city": "São Paulo/x?&", "days": 3]),
            parameters("https://w.example/v1/{city}/now?lang=en"))
        #expect(request.method == "GET")
        #expect(request.url == "https://w.example/v1/S%C3%A3o%20Paulo%2Fx%3F%26/now?lang=en&days=3")
        #expect(request.headers.isEmpty)
        #expect(request.body.readableBytes == 0)
    }

    @Test func argumentsStandInTheBodyOfWhatWrites() throws {
        let parameters = parameters("https://w.example/book", .post) {
            $0.headers = ["X-Key": Secret("s3cret")]
        }
        let request = try HTTPToolExchange.request(invocation(["city": "Oslo"]), parameters)
        #expect(request.method == "POST")
        #expect(request.url == "https://w.example/book")
        #expect(String(buffer: request.body) == #"{"city":"Oslo"}"#)
        #expect(
            request.headers.map { "\($0.name)=\($0.value)" } == [
                "x-key=s3cret", "content-type=application/json", "idempotency-key=key-1",
            ])
    }

    /// Whatever the model writes, the request goes to the host of the pipeline file.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func argumentsNeverChangeTheHost(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab./\\@:?#%&=[]{} \r\n\u{0}é☎")
        for _ in 0..<50 {
            let length = Int.random(in: 0...12, using: &random)
            let city = String((0..<length).compactMap { _ in alphabet.randomElement(using: &random) })
            let request = try? HTTPToolExchange.request(
                invocation(["city": .string(city), "x": .string(city)]),
                parameters("https://w.example/{city}"))
            guard let url = request?.url else { continue }
            #expect(url.hasPrefix("https://w.example/"))
            #expect(
                url.dropFirst("https://w.example/".count).prefix { $0 != "?" }.allSatisfy {
                    !"/\\@#".contains($0)
                })
            #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        }
    }

    @Test(arguments: [
        "ftp://w.example/", "https://", "https://{city}/x", "https://a@w.example/",
        "https://w.example/?q={city}",
        "https://w.example/{", "https://w.example/}", "https://w.example/{}", "https://w.example/a b",
        "https://w.example\\@evil.example/", "https://w.example/#x",
    ])
    func isNoTemplate(url: String) { #expect(URLTemplate(url) == nil) }

    @Test(arguments: [
        ("", #"{"a":{"b":[1,2]}}"#), ("a.b[1]", "2"), ("a", #"{"b":[1,2]}"#), ("a.b", "[1,2]"),
    ])
    func picksAPart(path: String, result: String) throws {
        let parameters = parameters("https://w.example/") { $0.result = path }
        let answer = ByteBuffer(string: #"{"a":{"b":[1,2]}}"#)
        #expect(try HTTPToolExchange.result(status: 200, answer, parameters) == result)
    }

    @Test(arguments: [
        (404, "no such city", "the endpoint answered with status 404: no such city"),
        (302, "", "the endpoint answered with status 302"),
        (500, "key s3cret is bad", "the endpoint answered with status 500: key *** is bad"),
        (200, "<html>", "the answer of the endpoint is not JSON"),
        (200, "{}", "the answer of the endpoint has no 'a.b'"),
    ])
    func saysWhatIsWrong(status: Int, content: String, message: String) {
        let parameters = parameters("https://w.example/") {
            $0.result = "a.b"
            $0.headers = ["authorization": Secret("s3cret")]
        }
        let failure = #expect(throws: PipelineError.self) {
            try HTTPToolExchange.result(status: status, ByteBuffer(string: content), parameters)
        }
        #expect(failure?.message == message)
    }

    @Test(arguments: ["a..b", ".", "a[", "a[x]", "a[-1]", "a]b["])
    func isNoPath(path: String) { #expect(ResultPath(path) == nil) }
}
