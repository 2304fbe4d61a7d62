// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallRecords
import CarrierEmulator
import PipelineKit
import Transports

/// `runner call NUMBER FILE`.
struct CallCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Calls a telephone number and lets a pipeline speak with whoever answers.",
        discussion: """
            Serves the pipeline until the call is over. Nothing is dialled before it is certain that everything is there \
            that Twilio asks for: the account, its token, a number to call from, and a public address. Where something is \
            missing the call is simulated on this machine, and the command says why; --say is then what the other side \
            says.

              runner call +15550101 pipelines/phone.yaml
              runner call +15550101 pipelines/phone.yaml --attribute task="book a table for two" --real
              runner call +15550101 pipelines/phone.yaml --simulate --say "where are you" --say "that is all"
            """)

    @Argument(help: "The number, as +15550101.")
    var number: String

    @Argument(help: "The pipeline file, with a transport 'twilio'.")
    var file: String

    @Option(
        name: .customLong("attribute"),
        help: ArgumentHelp(
            "What the pipeline is to know of the call, as in task=\"book a table\".", valueName: "name=value"))
    var attributes: [String] = []

    @Option(help: "Number that gets a text message when the call is over.")
    var summaryTo: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override a parameter, as in brain.temperature=0.2.", valueName: "id.key=value"))
    var overrides: [String] = []

    @Flag(help: "Dial really, or not at all.")
    var real = false

    @Flag(help: "Simulate the call on this machine.")
    var simulate = false

    @Option(help: "Words that the other side of a simulated call says when it is its turn; may be given several times.")
    var say: [String] = []

    @Option(help: ArgumentHelp("Directory for the files of a simulated call.", valueName: "dir"))
    var records = "calls"

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        if real, simulate { throw ValidationError("give --real or --simulate, not both.") }
        if real, !say.isEmpty { throw ValidationError("--say is for simulated calls; people say what they like.") }
        _ = try request()
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let request = try request()
        let credentials = try TelephoneCredentials(file, overrides: overrides, in: context)
        guard credentials.hasTransport else {
            context.output.error("\(file): nothing was dialled: add 'twilio' under 'transports:'")
            return .problems
        }
        do {
            let wish: CallMode.Wish = simulate ? .simulated : real ? .real : .automatic
            let mode = try CallMode.choose(missing: credentials.missing, wish)
            context.output.note("\(mode)")
            if mode == .real { return try await dial(request, context) }
            return try await pretend(request, context)
        } catch let error as CallMode.NotPossible {
            context.output.error("\(file): nothing was dialled: \(error); 'runner call --simulate' needs none of it")
            return .problems
        }
    }

    /// Calls on this machine.
    private func pretend(_ request: CallRequest, _ context: RunnerContext) async throws -> ExitStatus {
        let script = CallerScript(say.map { CallerStep(say: $0) })
        let party = CallParty(script, sound: try await SpokenScript(script, engine: TelephoneVoice.engine))
        let simulation = Simulation(
            file: file, overrides: overrides, dialect: .mediaStreams, path: "/voice", records: records,
            context: context, placing: request)
        do {
            return try await simulation.run(party, isJSON: json)
        } catch let status as ExitStatus {
            throw status
        } catch {
            context.output.error("runner: \(error)")
            return .failure
        }
    }

    /// Calls the number.
    private func dial(_ request: CallRequest, _ context: RunnerContext) async throws -> ExitStatus {
        let pipeline = try context.load(file, overrides: overrides)
        let context = context.hidingSecrets(of: pipeline)
        guard let twilio = pipeline.transports.lazy.compactMap({ $0 as? TwilioTransport }).first,
            let base = pipeline.document.server.publicURL
        else { return .problems }
        let output = context.output
        return try await serve(pipeline, twilio, context) {
            let sid = try await twilio.place(request, base: "\(base)")
            output.note("Calling \(request.to) as \(sid)")
            await twilio.ended(sid)
        }
    }

    private func serve(
        _ pipeline: Pipeline, _ twilio: TwilioTransport, _ context: RunnerContext,
        _ errand: @escaping @Sendable () async throws -> Void
    ) async throws -> ExitStatus {
        let (events, output) = (RunEvents(), context.output)
        let files = RecordFiles(pipeline.document, directory: nil)
        let writer = context.makeRecordsWriter(pipeline, transports: [twilio], files: files)
        let run = PipelineRun(
            pipeline: pipeline, transports: [twilio], isVirtual: false, loops: 0, output: output, events: events,
            records: writer, errand: errand)
        let printer = RunPrinter(view(pipeline, output), files: files)
        let printing = Task { await printer.print(events) }
        let result: Result<Void, any Error>
        do { result = .success(try await run.run(watchedBy: printer)) } catch { result = .failure(error) }
        await writer?.close()
        events.finish()
        await printing.value
        guard case .failure(let error) = result else { return events.failureCount > 0 ? .failure : .good }
        output.error("runner: \(error)")
        return .failure
    }

    private func view(_ pipeline: Pipeline, _ output: Output) -> any RunView {
        if json { return JSONView(output: output, pipeline: pipeline.document.name) }
        return output.isTerminal ? LiveView(output) : LineView(output)
    }

    private func request() throws -> CallRequest {
        do {
            var request = CallRequest(to: try PhoneNumber(number), summaryTo: try summaryTo.map { try PhoneNumber($0) })
            for attribute in attributes {
                let pair = attribute.split(separator: "=", maxSplits: 1)
                guard pair.count == 2 else { throw ValidationError("--attribute \(attribute): write name=value.") }
                request.attributes[String(pair[0])] = String(pair[1])
            }
            return request
        } catch let error as PhoneNumber.Invalid {
            throw ValidationError("nothing was dialled: the number cannot be called: \(error).")
        }
    }
}
