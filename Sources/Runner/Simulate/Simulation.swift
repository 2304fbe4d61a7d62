// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import Glibc
import PipelineKit
import Transports

/// A telephone call to a pipeline, with both sides of the line on this machine.
struct Simulation {
    /// The pipeline file.
    let file: String
    /// Parameters that the command line sets.
    let overrides: [String]
    /// How the call comes.
    let dialect: TelephoneDialect
    /// Where the pipeline answers.
    let path: String
    /// Directory for what is left of the call.
    let records: String
    /// Where the pipeline is loaded and everything printed.
    let context: RunnerContext
    /// The call that the agent places; `nil` for one that comes to it.
    var placing: CallRequest?

    /// Makes the call and shows it; returns when it is over.
    ///
    /// - Throws: ``ExitStatus`` when the pipeline cannot be run, ``CallServerError``.
    func run(_ party: CallParty, isJSON: Bool) async throws -> ExitStatus {
        let loops = LoopGroup()
        var configuration = Carrier.Configuration()
        if placing != nil { configuration.party = { _ in party } }
        let carrier = try await Carrier.start(configuration, on: loops.eventLoopGroup)
        let result: Result<ExitStatus, any Error>
        do { result = .success(try await call(party, carrier, loops, isJSON: isJSON)) } catch {
            result = .failure(error)
        }
        try await carrier.shutDown()
        try await loops.shutDown()
        return try result.get()
    }

    private func call(
        _ party: CallParty, _ carrier: Carrier, _ loops: LoopGroup, isJSON: Bool
    ) async throws -> ExitStatus {
        let pipeline = try load(carrier)
        let events = RunEvents()
        let printer = RunPrinter(
            view(pipeline, isJSON: isJSON), files: RecordFiles(pipeline.document, directory: records))
        let printing = Task { await printer.print(events) }
        let observer = SessionObservers([events, CarrierNews(carrier: carrier)])
        let agent = try await LoopbackAgent.start(pipeline, on: loops, observer: observer)
        let result: Result<CallReport?, any Error>
        do { result = .success(try await report(of: party, carrier, agent)) } catch { result = .failure(error) }
        await agent.stop()
        events.finish()
        await printing.value
        guard let report = try result.get() else { return .failure }
        return finish(report, isJSON: isJSON, hasFailed: events.failureCount > 0)
    }

    /// Makes the call, whoever begins it.
    private func report(of party: CallParty, _ carrier: Carrier, _ agent: LoopbackAgent) async throws -> CallReport? {
        guard let placing else { return await carrier.call(agent.url + path, party) }
        guard let telephone = agent.telephone else { throw LoopbackAgent.NoTelephone() }
        let sid = try await telephone.place(placing, base: agent.url)
        context.output.note("Calling \(placing.to) as \(sid), on this machine")
        return await carrier.report(of: sid)
    }

    private func view(_ pipeline: Pipeline, isJSON: Bool) -> any RunView {
        if isJSON { return JSONView(output: context.output, pipeline: pipeline.document.name) }
        return context.output.isTerminal ? LiveView(context.output) as any RunView : LineView(context.output)
    }

    private func load(_ carrier: Carrier) throws -> Pipeline {
        var context = context
        let account = CarrierAccount.example
        // The file may name the account of a real carrier, which this one is not.
        context.environment["TWILIO_ACCOUNT_SID"] = account.sid
        context.environment["TWILIO_AUTH_TOKEN"] = account.authToken.value
        context.environment["TWILIO_PHONE_NUMBER"] = "+15550199"
        // The agent answers on the loopback, whatever its address in the world may be.
        if context.environment["PUBLIC_BASE_URL"]?.isEmpty ?? true {
            context.environment["PUBLIC_BASE_URL"] = "https://no.address.invalid"
        }
        return try context.load(file, overrides: overrides) {
            $0.answerTelephone(dialect, apiURL: carrier.origin + "/2010-04-01")
        }
    }

    private func finish(_ report: CallReport, isJSON: Bool, hasFailed: Bool) -> ExitStatus {
        for warning in report.warnings { context.output.note("carrier: \(warning)") }
        if let complaint = report.complaint { context.output.note("caller: \(complaint)") }
        if let recording = report.streams.lazy.compactMap(\.recording).first { write(recording, report.sid) }
        return hasFailed || report.status != .completed || !report.warnings.isEmpty ? .failure : .good
    }

    private func write(_ recording: LineRecording, _ sid: String) {
        mkdir(records, 0o755)
        let path = "\(records)/\(sid).line.wav"
        do {
            try recording.write(to: path)
            context.output.note("line: \(path)")
        } catch {
            context.output.note("\(error)")
        }
    }
}
