// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CarrierEmulator
import PipelineKit
import Transports

/// `runner simulate FILE`.
struct SimulateCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Calls a pipeline by telephone, without a telephone: an emulated carrier on this machine is the network.",
        discussion: """
            The pipeline answers on the loopback as it would answer Twilio: signed webhooks, a media stream, a relay of \
            text, or TwiML alone. The caller is a script, a few words, or a recording.

              runner simulate pipelines/front_desk.yaml --say "where are you" --say "that is all thank you"
              runner simulate agent.yaml --caller caller.yaml --dialect conversation_relay
              runner simulate agent.yaml --input caller.wav

            What was on the line is left as a stereo file (caller left, agent right), the words next to it. A caller's \
            script is a file with a list of steps:

              steps:
                - {say: where are you}                     # once the agent has spoken and fallen silent
                - {over: 1s, say: a haircut please}        # talks over the agent after a second
                - {after: at what time, press: "3"}
                - {hangup: true}
            """)

    @Argument(help: "The pipeline file.")
    var file: String

    @Option(help: "Script of the caller.")
    var caller: String?

    @Option(help: "Recording that is the caller: WAV, FLAC or OGG.")
    var input: String?

    @Option(help: "Words that the caller says when it is her turn; may be given several times.")
    var say: [String] = []

    @Option(help: "How the call comes: media_streams, conversation_relay or twiml.")
    var dialect = TelephoneDialect.mediaStreams

    @Option(help: ArgumentHelp("Directory for the files of the call.", valueName: "dir"))
    var records = "calls"

    @Option(help: "Path under which the pipeline answers the carrier.")
    var path = "/voice"

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override a parameter, as in brain.temperature=0.2.", valueName: "id.key=value"))
    var overrides: [String] = []

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        let callers = [caller != nil, input != nil, !say.isEmpty].count { $0 }
        if callers != 1 { throw ValidationError("give one caller: --caller SCRIPT, --input RECORDING or --say WORDS.") }
        if input != nil, !dialect.carriesSound {
            throw ValidationError(
                "a recording cannot be played to \(dialect.rawValue), which carries words; use --say.")
        }
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let script = try script(context)
        let simulation = Simulation(
            file: file, overrides: overrides, dialect: dialect, path: path, records: records, context: context)
        let party = CallParty(
            script, sound: try await sound(of: script, context.output))
        do {
            return try await simulation.run(party, isJSON: json)
        } catch let error as CallServerError {
            context.output.error("runner: \(error)")
            return .failure
        } catch let error as LoopbackAgent.NoTelephone {
            context.output.error("\(file): \(error)")
            return .problems
        }
    }

    private func script(_ context: RunnerContext) throws -> CallerScript {
        if !say.isEmpty { return CallerScript(say.map { CallerStep(say: $0) }) }
        if let input {
            var step = CallerStep()
            step.at = .zero
            step.play = FileReference(input)
            return CallerScript([step])
        }
        guard let caller else { return CallerScript([]) }
        var diagnostics = Diagnostics()
        let node = YAMLReader().read(path: caller, into: &diagnostics)
        let script = node.flatMap { CallerScript.decode($0, path: "", at: $0.mark, into: &diagnostics) }
        if !diagnostics.isEmpty { context.output.error(diagnostics.rendered()) }
        guard let script else { throw ExitStatus.problems }
        return script
    }

    private func sound(of script: CallerScript, _ output: Output) async throws -> SpokenScript {
        guard dialect.carriesSound else { return SpokenScript() }
        do {
            return try await SpokenScript(script, engine: TelephoneVoice.engine)
        } catch {
            output.error("runner: \(error)")
            throw ExitStatus.problems
        }
    }
}
