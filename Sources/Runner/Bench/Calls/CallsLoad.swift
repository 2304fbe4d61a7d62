// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import PipelineKit

/// The callers of `runner bench calls`, in a process of their own so that what they cost is not the server's.
struct CallsLoad {
    /// What every caller says.
    static let words = [
        "where are you", "i would like a haircut on friday", "at three in the afternoon", "yes that is right",
        "no that is all thank you",
    ]

    /// What the callers saw.
    struct Result {
        /// Calls that went as they should.
        var completed = 0
        /// Calls that failed, or of which the carrier's console would list something.
        var failed = 0
        /// How late the agent's audio came.
        var lateness = LatencyHistogram()
        /// From the caller's first loud sample to the last that was sent of the reply.
        var bargeIns = LatencyHistogram()
        /// From the caller's last loud sample to the answer's first audio.
        var gaps = LatencyHistogram()
        /// Times at which a caller heard a hole in a reply.
        var underruns = 0
        /// Times at which the agent was talked over and did not stop.
        var unheeded = 0
        /// What the carrier's console would list, the first few.
        var warnings: [String] = []
    }

    /// The agent's address.
    let url: String
    /// Callers at once.
    let calls: Int
    /// The port of the carrier's interface.
    let port: Int

    /// Makes the calls; returns when all are over.
    func run() async throws -> Result {
        let loops = LoopGroup(count: 1)
        var configuration = Carrier.Configuration()
        configuration.port = port
        let carrier = try await Carrier.start(configuration, on: loops.eventLoopGroup)
        let script = Self.script
        var party = CallParty(script, sound: try await SpokenScript(script, engine: TelephoneVoice.engine))
        party.isRecorded = false
        let result = await call(party, carrier)
        try await carrier.shutDown()
        try await loops.shutDown()
        return result
    }

    /// Every second and every last line talks over the agent.
    private static var script: CallerScript {
        var script = CallerScript(words.map { CallerStep(say: $0) })
        script.steps[1].over = .milliseconds(1500)
        script.steps[4].over = .milliseconds(1200)
        script.linger = .seconds(3)
        return script
    }

    private func call(_ party: CallParty, _ carrier: Carrier) async -> Result {
        await withTaskGroup(of: CallReport?.self) { group in
            for index in 0..<calls {
                group.addTask {
                    // A second for every fifty: a wave of calls, not a wall; and no two in step.
                    try? await Task.sleep(for: .microseconds(20_000 * index + 137 * (index % 97)))
                    return await carrier.call(url, party)
                }
            }
            var result = Result()
            for await report in group { result.add(report) }
            return result
        }
    }
}

extension CallsLoad.Result {
    mutating func add(_ report: CallReport?) {
        guard let report, report.status == .completed, let stream = report.streams.first, report.warnings.isEmpty else {
            failed += 1
            if warnings.count < 5 { warnings.append(report?.warnings.first?.description ?? "no stream was opened") }
            return
        }
        completed += 1
        lateness.add(stream.arrivals.lateness)
        gaps.add(stream.gaps)
        underruns += stream.arrivals.underrunCount
        for bargeIn in stream.bargeIns {
            if let time = bargeIn.stoppedAfter { bargeIns.add(time) } else { unheeded += 1 }
        }
    }

    /// The result for another process.
    var json: JSONValue {
        [
            "completed": .integer(completed), "failed": .integer(failed), "lateness": lateness.json,
            "barge_ins": bargeIns.json, "gaps": gaps.json, "underruns": .integer(underruns),
            "unheeded": .integer(unheeded), "warnings": .array(warnings.map { .string($0) }),
        ]
    }

    /// Reads what ``json`` gave.
    init(_ json: JSONValue) {
        completed = json["completed"]?.integer ?? 0
        failed = json["failed"]?.integer ?? 0
        lateness = LatencyHistogram(json["lateness"])
        bargeIns = LatencyHistogram(json["barge_ins"])
        gaps = LatencyHistogram(json["gaps"])
        underruns = json["underruns"]?.integer ?? 0
        unheeded = json["unheeded"]?.integer ?? 0
        warnings = (json["warnings"]?.array ?? []).compactMap(\.string)
    }
}
