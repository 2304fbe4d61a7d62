// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import ProviderDoubles
import Testing

@testable import Providers

@Suite struct HTTPToolTests {
    private struct Weather: ProviderDouble {
        func answer(_ request: DoubleRequest) -> DoubleAnswer {
            let city = request.parameter("city") ?? ""
            return .json(["now": ["city": .string(city), "temperature": 3]], delay: .milliseconds(100))
        }
    }

    private struct Flood: ProviderDouble {
        func answer(_ request: DoubleRequest) -> DoubleAnswer {
            DoubleAnswer(body: (0..<20).map { _ in .bytes([UInt8](repeating: 0x20, count: 65_536)) })
        }
    }

    private let invocation = ToolInvocation(
        call: ToolCall(id: "1", name: "weather", arguments: "{}"), arguments: ["city": "Oslo"], turn: TurnID(1),
        idempotencyKey: "key-1")

    private func tool() -> HTTPTool {
        var parameters = HTTPToolParameters.template
        parameters.headers = ["Authorization": Secret("Bearer s3cret")]
        parameters.result = "now"
        return HTTPTool(parameters)
    }

    private func network(_ double: any ProviderDouble, _ faults: DoubleFault...) -> DoubleNetwork {
        let network = DoubleNetwork()
        network.routes.add(double, host: "weather.example", path: "/v1/now")
        for fault in faults { network.routes.queue(fault) }
        return network
    }

    @Test func givesThePartOfTheAnswer() throws {
        let network = network(Weather(), .chunked(.eachByte))
        let result = try ToolCaller.result(of: tool(), invocation, network: network).get()
        #expect(result == #"{"city":"Oslo","temperature":3}"#)
        #expect(network.journal.requests.map { $0.header("authorization") } == ["Bearer s3cret"])
        #expect(network.journal.exchanges.map(\.end) == [.complete])
    }

    @Test func saysWhyThereIsNoAnswer() throws {
        let cases: [(DoubleNetwork, String)] = [
            (network(Weather(), .status(503, "key s3cret is tired")), "the endpoint answered with status 503"),
            (network(Weather(), .refused), "weather.example refused the connection"),
            (network(Weather(), .cut(after: 4)), ""),
            (network(Flood()), "the answer is longer than 1048576 bytes"),
        ]
        for (network, message) in cases {
            let failure = #expect(throws: PipelineError.self) {
                try ToolCaller.result(of: tool(), invocation, network: network).get()
            }
            #expect(failure?.message.hasPrefix(message) == true)
            #expect(failure?.message.contains("s3cret") == false)
            #expect(network.journal.isClean)
        }
    }

    @Test(arguments: [DoubleFault.Stage.connect, .head, .bytes(4)])
    func closesTheConnectionWhenItIsCancelled(stage: DoubleFault.Stage) throws {
        let network = network(Weather(), .hang(at: stage))
        #expect(throws: CancellationError.self) {
            try ToolCaller.result(of: tool(), invocation, network: network).get()
        }
        #expect(network.journal.exchanges.map(\.end) == [.givenUp])
    }
}
