// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import PipelineKit
import Transports

/// A pipeline whose telephone transport answers on this machine's loopback.
struct LoopbackAgent {
    /// The agent's address, such as `http://127.0.0.1:40123`.
    let url: String
    /// The transport that places calls, if there is one.
    let telephone: TwilioTransport?
    private let server: CallServer
    private let host: SessionHost
    private let running: Task<Void, any Error>

    /// The pipeline has no telephone transport.
    struct NoTelephone: Error, CustomStringConvertible {
        var description: String { "the pipeline has no transport 'twilio' that could be called" }
    }

    /// Starts to answer calls.
    ///
    /// - Throws: ``CallServerError``.
    static func start(_ pipeline: Pipeline, on loops: LoopGroup, observer: any SessionObserver) async throws -> Self {
        let served = pipeline.transports.compactMap { $0 as? any ServedTransport }
        guard !served.isEmpty else { throw NoTelephone() }
        let host = SessionHost(pipeline, observer: observer, on: loops)
        var settings = pipeline.document.server
        settings.host = "127.0.0.1"
        settings.tls = nil
        settings.publicURL = nil
        // One machine makes all the calls.
        settings.requestsPerMinute = 1_000_000
        let server = try await CallServer.start(settings, port: 0, loops: loops) { routes in
            for transport in served { transport.mount(&routes, host) }
        }
        let running = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for transport in served { group.addTask { try await transport.run(host) } }
                try await group.waitForAll()
            }
        }
        let telephone = pipeline.transports.lazy.compactMap { $0 as? TwilioTransport }.first
        return LoopbackAgent(url: server.url, telephone: telephone, server: server, host: host, running: running)
    }

    /// Ends what is left, and stops answering.
    func stop() async {
        server.drain()
        await host.end(.shutdown)
        await host.ended()
        running.cancel()
        _ = await running.result
        await server.stop()
    }
}

extension PipelineDocument {
    /// Leaves the telephone as the only transport, with an account of the emulated carrier.
    ///
    /// What else the file sets of the transport stays.
    mutating func answerTelephone(_ mode: TelephoneDialect, apiURL: String) {
        let named = transports.first { $0.name == "twilio" }
        let mark = named?.mark ?? SourceMark(file: file)
        let account = CarrierAccount.example
        let values = [
            ("port", "0"), ("mode", mode.rawValue), ("account_sid", account.sid),
            ("auth_token", account.authToken.value), ("phone_number", "+15550199"), ("api_url", apiURL),
            ("check_signatures", "true"),
        ]
        let kept = (named?.parameters?.mapping ?? []).filter { pair in !values.contains { $0.0 == pair.key } }
        let set = values.compactMap { key, value -> YAMLPair? in
            var diagnostics = Diagnostics()
            let quoted = key == "port" || key == "check_signatures" ? value : "\"\(value)\""
            return YAMLReader().read("\(key): \(quoted)", file: "runner", into: &diagnostics)?.pair(key)
        }
        transports = [NamedNode(name: "twilio", mark: mark, parameters: YAMLNode(.mapping(kept + set), at: mark))]
    }
}
