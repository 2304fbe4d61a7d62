// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import Dispatch
import PipelineKit
import Processors
import Synchronization
import Transports

/// `runner bench calls`: many telephone calls at once, over real sockets, to a pipeline that hears a scripted caller.
struct CallsBench {
    /// What a caller may notice of the load, as the project promises it.
    enum Limit {
        static let latenessMilliseconds = 20.0
        static let bargeInMilliseconds = 60.0
        static let ownShareMilliseconds = 10.0
    }

    /// The pipeline file.
    let file: String
    let context: RunnerContext

    /// The largest number of calls that holds, by doubling and halving the step.
    func find(from start: Int, progress: (CallsReport) -> Void) async throws -> CallsReport {
        var best: CallsReport?
        var calls = start
        var failed: Int?
        while calls <= 5000 {
            let report = try await run(calls)
            progress(report)
            if report.holds { best = report } else { failed = calls }
            let lower = best?.calls ?? 0
            let next = failed.map { (lower + $0) / 2 } ?? calls * 2
            if let failed, failed - lower <= max(5, failed / 10) { return best ?? report }
            calls = max(1, next)
        }
        if let best { return best }
        return try await run(start)
    }

    /// Makes so many calls and measures.
    func run(_ calls: Int) async throws -> CallsReport {
        var registry = context.registry
        registry.add(ScriptedSTT.self)
        let loops = LoopGroup()
        let port = try await Self.freePort(loops)
        var onset = Duration.milliseconds(96)
        var context = context
        context.registry = registry
        let pipeline = try context.load(file) { document in
            document.answerTelephone(.mediaStreams, apiURL: "http://127.0.0.1:\(port)/2010-04-01")
            document.limits.sessions = max(document.limits.sessions, calls + 10)
            document.replaceRecognizer()
            onset = document.onset ?? onset
        }
        let observer = TurnCollector()
        let agent = try await LoopbackAgent.start(pipeline, on: loops, observer: observer)
        let meter = ProcessMeter()
        let load = try await Self.load(agent.url + "/voice", calls: calls, port: port)
        let cost = await meter.stop()
        await agent.stop()
        try await loops.shutDown()
        return CallsReport(calls: calls, load: load, ownShares: observer.ownShares, onset: onset, cost: cost)
    }

    /// A port that nothing listens on, for the carrier's interface, whose address the pipeline must know before there is one.
    private static func freePort(_ loops: LoopGroup) async throws -> Int {
        let server = try await CallServer.start(PipelineServer(), port: 0, loops: loops) { _ in }
        await server.stop()
        return server.port
    }

    /// Has another process make the calls.
    private static func load(_ url: String, calls: Int, port: Int) async throws -> CallsLoad.Result {
        let arguments = ["bench", "calls", "--load", url, "--load-port", "\(port)", "--calls", "\(calls)", "--json"]
        let bytes: [UInt8] = try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: reading from the child blocks.
            DispatchQueue(label: "bench-load").async {
                continuation.resume(
                    with: Result {
                        try ChildProcess(
                            program: "/proc/self/exe", arguments: arguments, timeLimit: .seconds(600)
                        ).output()
                    })
            }
        }
        return CallsLoad.Result(try JSONValue(parsing: bytes))
    }
}

extension PipelineDocument {
    /// Puts the scripted recogniser in the place of the file's own, and leaves out what writes to the disk.
    fileprivate mutating func replaceRecognizer() {
        entries.removeAll { $0.name == Recorder.name }
        for index in entries.indices where entries[index].name.hasSuffix("_stt") {
            entries[index].name = ScriptedSTT.name
            entries[index].parameters = nil
        }
    }

    /// How long speech must last to count, as the file says.
    fileprivate var onset: Duration? {
        var decoder = ParameterDecoder(path: "")
        return entries.lazy.compactMap { $0.parameters?["onset"] }.first.flatMap {
            Duration.decode($0, in: nil, &decoder)
        }
    }
}

/// Collects our own share of every turn's gap.
private final class TurnCollector: SessionObserver {
    private let shares = Mutex<[Double]>([])

    /// Milliseconds.
    var ownShares: [Double] { shares.withLock { $0 } }

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        guard case .turn(let record) = event, let own = record.parts.first(where: { $0.name == "own" }) else { return }
        shares.withLock { $0.append(own.duration.milliseconds) }
    }
}
