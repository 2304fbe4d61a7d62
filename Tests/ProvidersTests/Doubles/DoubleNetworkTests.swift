// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import ProviderDoubles
import Providers
import Testing

@Suite struct DoubleNetworkTests {
    private static let words: [UInt8] = Array("one two three four five six seven".utf8)

    private struct Speaker: ProviderDouble {
        func answer(_ request: DoubleRequest) -> DoubleAnswer {
            DoubleAnswer(
                delay: .milliseconds(10),
                body: [.bytes(words.prefix(8)), .wait(.milliseconds(50)), .bytes(words.dropFirst(8))])
        }

        func open(_ request: DoubleRequest) -> DoubleOpening { .accepted(Echo()) }
    }

    /// Greets, echoes after 20 ms, and closes when it is told to.
    private final class Echo: DoublePeer {
        func opened() -> [DoubleStep] { [.text("hello")] }

        func received(_ message: ProviderMessage) -> [DoubleStep] {
            switch message {
            case .text(let text) where String(buffer: text) == "bye": [.close()]
            case .text(let text) where String(buffer: text) == "fail": [.close(code: 1011, reason: "tired")]
            case .text(let text) where String(buffer: text) == "stop": [.clear, .text("stopped")]
            case .text(let text): [.wait(.milliseconds(20)), .text(String(buffer: text))]
            case .binary(let bytes): [.bytes(bytes)]
            }
        }
    }

    private func harness(_ faults: DoubleFault...) -> ExchangeHarness {
        let harness = ExchangeHarness()
        harness.network.routes.add(Speaker(), host: "speaker")
        for fault in faults { harness.network.routes.queue(fault) }
        return harness
    }

    /// What was read, when each piece came, and how it ended.
    private struct Reading: Sendable {
        var pieces: [(bytes: [UInt8], at: MediaTime)] = []
        var error: ProviderError?
        var bytes: [UInt8] { pieces.flatMap(\.bytes) }
    }

    private nonisolated(nonsending) static func read(_ output: ServiceOutput) async throws -> Reading {
        var reading = Reading()
        let network = try #require(output.lent((any ProviderNetwork).self))
        do {
            let response = try await network.send(ProviderRequest("GET", url: "http://speaker/words?a=b%20c"), output)
            while let bytes = try await response.body.next() {
                reading.pieces.append((Array(buffer: bytes), output.now))
            }
        } catch let error as ProviderError {
            reading.error = error
        }
        return reading
    }

    @Test func answersOnTheSessionsClock() throws {
        let harness = harness()
        let reading = try harness.run { try await Self.read($0) }
        #expect(reading.bytes == Self.words)
        #expect(reading.pieces.map(\.at) == [.zero + .milliseconds(10), .zero + .milliseconds(60)])
        let exchange = try #require(harness.network.journal.exchanges.first)
        #expect(exchange.request.path == "/words")
        #expect(exchange.request.parameter("a") == "b c")
        #expect(exchange.status == 200)
        #expect(exchange.end == .complete)
        #expect(exchange.sent == Self.words.count)
    }

    @Test(arguments: [DoubleFault.Chunking.eachByte, .random(seed: 1), .random(seed: 2)])
    func chunkingLosesNothing(_ chunking: DoubleFault.Chunking) throws {
        let reading = try harness(.chunked(chunking)).run { try await Self.read($0) }
        #expect(reading.bytes == Self.words)
        #expect(reading.pieces.count > 2)
    }

    @Test func cutsAfterEveryByte() throws {
        for count in 0...Self.words.count {
            let harness = harness(.cut(after: count))
            let reading = try harness.run { try await Self.read($0) }
            #expect(reading.bytes == Array(Self.words.prefix(count)))
            #expect(reading.error?.kind == .transient)
            #expect(harness.network.journal.isClean)
        }
    }

    @Test(arguments: [DoubleFault.Stage.connect, .head, .bytes(0), .bytes(3), .bytes(20)])
    func hangsUntilTheWorkIsCancelled(_ stage: DoubleFault.Stage) throws {
        let harness = harness(.hang(at: stage))
        let work = try harness.begin { try await Self.read($0) }
        harness.advance(by: .seconds(100))
        #expect(!work.isDone)
        #expect(harness.network.journal.open.count == 1)
        harness.cancel()
        #expect(throws: CancellationError.self) { try work.result() }
        #expect(harness.network.journal.exchanges.map(\.end) == [.givenUp])
    }

    @Test func delaysEveryStage() throws {
        let fault = DoubleFault.with {
            $0.connectDelay = .milliseconds(100)
            $0.headDelay = .milliseconds(200)
            $0.firstByteDelay = .milliseconds(400)
            $0.gap = .milliseconds(800)
        }
        let reading = try harness(fault).run { try await Self.read($0) }
        #expect(reading.pieces.map(\.at) == [.zero + .milliseconds(710), .zero + .milliseconds(1560)])
    }

    @Test func refusesByScriptAndThenNoMore() throws {
        let harness = harness(.refused, .status(429, retryAfter: 7))
        #expect(try harness.run { try await Self.read($0) }.error?.kind == .transient)
        let limited = try harness.run { output in
            let network = try #require(output.lent((any ProviderNetwork).self))
            let response = try await network.send(ProviderRequest(url: "http://speaker/"), output)
            response.body.giveUp()
            return "\(response.status) \(response.header("retry-after") ?? "")"
        }
        #expect(limited == "429 7")
        #expect(try harness.run { try await Self.read($0) }.bytes == Self.words)
        #expect(harness.network.journal.exchanges.map(\.end) == [.broken(code: nil), .givenUp, .complete])
    }

    @Test func tellsOfWhatNobodyAnswers() throws {
        let error = try harness().run { output in
            let network = try #require(output.lent((any ProviderNetwork).self))
            return await #expect(throws: ProviderError.self) {
                _ = try await network.send(ProviderRequest(url: "https://elsewhere:8080/v1/x?key=secret"), output)
            }?.message
        }
        #expect(error == "no double answers for elsewhere/v1/x; give it a route")
    }

    @Test func noticesAForgottenConnection() throws {
        let harness = harness()
        try harness.run { output in
            let network = try #require(output.lent((any ProviderNetwork).self))
            _ = try await network.send(ProviderRequest(url: "http://speaker/"), output)
        }
        #expect(harness.network.journal.forgotten.count == 1)
        #expect(!harness.network.journal.isClean)
    }

    // MARK: WebSockets

    private nonisolated(nonsending) static func talk(
        _ words: [String], _ output: ServiceOutput
    ) async throws -> (heard: [String], end: String) {
        let network = try #require(output.lent((any ProviderNetwork).self))
        let socket = try await network.connect(ProviderRequest(url: "ws://speaker/live"), output)
        for word in words { socket.send(text: word) }
        var heard: [String] = []
        do {
            while let message = try await socket.receive() {
                guard case .text(let text) = message else { continue }
                heard.append("\(String(buffer: text)) \(output.now.nanoseconds / 1_000_000)")
            }
        } catch let error as ProviderError {
            return (heard, error.message)
        }
        return (heard, "end")
    }

    @Test func socketsCarryMessagesInTheirOrderAndTime() throws {
        let harness = harness()
        let (heard, end) = try harness.run { try await Self.talk(["a", "b", "bye"], $0) }
        #expect(heard == ["hello 0", "a 20", "b 40"])
        #expect(end == "end")
        let exchange = try #require(harness.network.journal.exchanges.first)
        #expect(exchange.received == ["a", "b", "bye"].map { .text(ByteBuffer(string: $0)) })
        #expect(exchange.end == .complete)
    }

    @Test func socketsForgetWhatIsCleared() throws {
        let (heard, _) = try harness().run { try await Self.talk(["a", "b", "stop", "bye"], $0) }
        #expect(heard == ["stopped 0"])
    }

    @Test func socketsThrowForAnyOtherEnd() throws {
        let failing = harness()
        let (heard, end) = try failing.run { try await Self.talk(["fail"], $0) }
        #expect(heard == ["hello 0"])
        #expect(end == "closed the socket with code 1011: tired")
        #expect(failing.network.journal.exchanges.map(\.end) == [.broken(code: 1011)])

        let (cut, reason) = try harness(.cut(after: 6)).run { try await Self.talk(["ab"], $0) }
        #expect(cut == ["hello 0"])
        #expect(reason == "speaker closed the connection in the middle")
    }

    @Test func refusedSocketsBearTheirStatus() throws {
        let harness = harness(.status(401))
        let status = try harness.run { output in
            let network = try #require(output.lent((any ProviderNetwork).self))
            return await #expect(throws: ProviderError.self) {
                _ = try await network.connect(ProviderRequest(url: "ws://speaker/live"), output)
            }?.status
        }
        #expect(status == 401)
        #expect(harness.network.journal.isClean)
    }
}
