// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CarrierEmulator
import PipelineKit

/// `runner carrier`.
struct CarrierCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "carrier",
        abstract: "Is the telephone network for a server on this machine: whom it calls answers as a script says.",
        discussion: """
            Prints what the server's environment needs, and answers until it is told to stop.

              runner carrier --port 9000 --say "where are you" --say "that is all thank you"

            A transport 'twilio' calls through it with api_url set to the address that is printed.
            """)

    @Option(help: "Port of the carrier's interface; 0 takes any that is free.")
    var port = 0

    @Option(help: "Words that whoever is called says when it is their turn; may be given several times.")
    var say: [String] = []

    @Option(help: ArgumentHelp("How long a telephone rings.", valueName: "seconds"))
    var ringing = 1.0

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535.") }
        guard (0...60).contains(ringing) else { throw ValidationError("--ringing is 0 to 60 seconds.") }
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let party: CallParty
        do { party = try await calledParty() } catch {
            context.output.error("runner: \(error)")
            return .problems
        }
        let signals = StopSignals()
        defer { signals.stop() }
        let loops = LoopGroup()
        var configuration = Carrier.Configuration()
        configuration.port = port
        configuration.party = { _ in party }
        let carrier: Carrier
        do { carrier = try await Carrier.start(configuration, on: loops.eventLoopGroup) } catch {
            context.output.error("runner: the carrier cannot listen on port \(port): \(error)")
            try await loops.shutDown()
            return .failure
        }
        announce(carrier, context.output)
        for await _ in signals.wishes { break }
        try await carrier.shutDown()
        try await loops.shutDown()
        return .good
    }

    private func calledParty() async throws -> CallParty {
        let script = CallerScript(say.map { CallerStep(say: $0) })
        var party = CallParty(script, sound: try await SpokenScript(script, engine: TelephoneVoice.engine))
        party.ringing = .seconds(ringing)
        party.isRecorded = false
        return party
    }

    private func announce(_ carrier: Carrier, _ output: Output) {
        let account = CarrierAccount.example
        output.line("TWILIO_API_URL=\(carrier.origin)/2010-04-01")
        output.line("TWILIO_ACCOUNT_SID=\(account.sid)")
        // Opens nothing but this carrier.
        output.line("TWILIO_AUTH_TOKEN=\(account.authToken.value)")
        output.line("TWILIO_PHONE_NUMBER=+15550199")
    }
}
