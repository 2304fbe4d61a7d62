// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit
package import Providers

/// A network in memory: what adapters send reaches doubles, on the session's clock, without a socket or a thread.
///
///     let network = DoubleNetwork()
///     network.routes.add(OpenAIChatDouble(says: ["Hello."]), path: "/chat/completions")
///     network.routes.queue(.status(503), .hang(at: .head))
///     loop.lend(network, as: (any ProviderNetwork).self)
///     …
///     #expect(network.journal.isClean)
package final class DoubleNetwork: ProviderNetwork {
    /// Who answers, and what goes wrong.
    package let routes = DoubleRoutes()
    /// What happened.
    package let journal = DoubleJournal()
    package let breakers = CircuitBreakers()

    /// Creates a network that nobody answers on.
    package init() {}

    package nonisolated(nonsending) func send(
        _ request: ProviderRequest, _ output: ServiceOutput
    ) async throws -> ProviderResponse {
        let asked = DoubleRequest(request)
        let line = try await line(for: asked, output, keepsMessages: false)
        let double = try double(for: asked, line)
        let answer = if case .answer(let refusal) = line.fault.refusal { refusal } else { double.answer(asked) }
        try await pass(answer.delay + line.fault.headDelay, line)
        if line.fault.hang == .head { try await line.hang() }
        line.answered(answer.status)
        line.append(answer.body + [.close()])
        return ProviderResponse(status: answer.status, headers: answer.headers, body: DoubleBody(line))
    }

    package nonisolated(nonsending) func connect(
        _ request: ProviderRequest, _ output: ServiceOutput
    ) async throws -> any ProviderSocket {
        let asked = DoubleRequest(request)
        let line = try await line(for: asked, output, keepsMessages: true)
        let double = try double(for: asked, line)
        let opening: DoubleOpening =
            if case .answer(let refusal) = line.fault.refusal { .refused(refusal) } else { double.open(asked) }
        try await pass(line.fault.headDelay, line)
        if line.fault.hang == .head { try await line.hang() }
        switch opening {
        case .refused(let answer):
            line.answered(answer.status)
            line.end(.broken(code: nil))
            throw ProviderError.refused(answer.status, headers: answer.headers, body: answer.content)
        case .accepted(let peer):
            line.answered(101)
            return DoubleSocket(line, peer)
        }
    }

    package nonisolated(nonsending) func dial(
        _ host: String, port: Int, _ output: ServiceOutput
    ) async throws -> any ProviderStream {
        let asked = DoubleRequest(method: "CONNECT", host: host, target: "")
        let line = try await line(for: asked, output, keepsMessages: false)
        let peer = try double(for: asked, line).dialled()
        if line.fault.hang == .head { try await line.hang() }
        line.answered(0)
        return DoubleStream(line, peer)
    }

    /// A connection, once it is there.
    private nonisolated(nonsending) func line(
        for request: DoubleRequest, _ output: ServiceOutput, keepsMessages: Bool
    ) async throws -> DoubleLine {
        guard let loop = output.loop else { throw CancellationError() }
        let fault = routes.nextFault(for: request)
        let line = DoubleLine(
            loop, journal, journal.begin(request), fault: fault, name: request.host, keepsMessages: keepsMessages)
        try await pass(fault.connectDelay, line)
        if fault.hang == .connect { try await line.hang() }
        if case .connection = fault.refusal {
            line.end(.broken(code: nil))
            throw ProviderError(.transient, "\(request.host) refused the connection; is it running?")
        }
        return line
    }

    private nonisolated(nonsending) func pass(_ delay: Duration, _ line: DoubleLine) async throws {
        if delay > .zero { try await line.pass(delay) }
        if Task.isCancelled {
            line.end(.givenUp)
            throw CancellationError()
        }
    }

    private func double(for request: DoubleRequest, _ line: DoubleLine) throws -> any ProviderDouble {
        if let double = routes.double(for: request) { return double }
        line.end(.broken(code: nil))
        throw ProviderError(
            .permanent, "no double answers for \(request.host)\(request.path); give it a route")
    }
}
