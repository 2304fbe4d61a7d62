// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PipelineKit
import PipelineTesting
import Testing

@testable import CarrierEmulator
@testable import Transports

/// Says goodbye at once.
private struct Goodbye: Processor {
    static let name = "goodbye"
    static let summary = "Says goodbye at once."

    init(_ parameters: NoParameters) {}

    mutating func start(_ context: inout ProcessorContext) { context.wake(at: context.now) }

    mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        let format = AudioFormat(rateHz: 8000, encoding: .mulaw)
        context.emit(ResponseStarted(turn: TurnID(0)))
        context.emit(Audio(format: format, sampleCount: 2400, byteCount: 2400) { _ in }, at: context.now)
        context.emit(ResponseEnded(turn: TurnID(0), endsSession: true))
    }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
}

private struct OneLoopHost: CallHost {
    let plan: CompiledPlan
    let loops: LoopGroup

    func accept(_ call: Call) async throws -> Session { try await Session.start(plan, call: call, on: loops.loops[0]) }
}

/// Calls that an agent places, from the request over the carrier to the agent's own stream and back.
@Suite struct PlacedCallTests {
    private struct Rig {
        let carrier: Carrier
        let server: CallServer

        func initiate(_ number: String = "+15550101") async throws -> (status: Int, body: String) {
            var request = HTTPClientRequest(url: server.url + "/call/initiate?phone_number=\(number)")
            request.method = .POST
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            let body = try await response.body.collect(upTo: 1 << 16)
            return (Int(response.status.code), String(buffer: body))
        }
    }

    /// - Returns: The text messages that were sent, when everything is over.
    private func with(
        _ answer: CallParty.Answer = .answers, faults: [CarrierFault] = [], _ body: (Rig) async throws -> Void
    ) async throws -> [CarrierMessage] {
        let loops = LoopGroup(count: 1)
        var configuration = Carrier.Configuration()
        configuration.speed = 20
        configuration.party = { _ in
            var party = CallParty()
            party.answer = answer
            party.ringing = .milliseconds(10)
            party.script.linger = .seconds(60)
            return party
        }
        let carrier = try await Carrier.start(configuration, on: loops.eventLoopGroup)
        for fault in faults { carrier.inject(fault) }
        var parameters = TwilioParameters()
        parameters.accountSID = CarrierAccount.example.sid
        parameters.authToken = CarrierAccount.example.authToken
        parameters.phoneNumber = "+15550100"
        parameters.apiURL = carrier.origin + "/2010-04-01"
        parameters.outbound.summaryTo = "+15550199"
        parameters.outbound.ringing = .seconds(1)
        var retries = TwilioREST.Retries()
        retries.firstPause = .milliseconds(20)
        let transport = TwilioTransport(desk: TwilioDesk(parameters, retries: retries))
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Goodbye(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        let host = OneLoopHost(plan: builder.build(), loops: loops)
        let server = try await CallServer.start(PipelineServer.template, port: 0, loops: loops) {
            transport.mount(&$0, host)
        }
        try await body(Rig(carrier: carrier, server: server))
        for sid in carrier.callSids { await transport.ended(sid) }
        await transport.desk.windUp()
        let messages = carrier.messages
        await server.stop()
        try await carrier.shutDown()
        try await loops.shutDown()
        return messages
    }

    @Test(arguments: [
        [], [CarrierFault.refused(status: 429, code: 20429)], [.cutBeforeActing], [.cutAfterActing],
        [.failedAfterActing(status: 503)], [.cutAfterActing, .refused(status: 429, code: 20429)],
    ])
    func aTelephoneRingsOnceWhateverTheNetworkDoes(faults: [CarrierFault]) async throws {
        let messages = try await with(faults: faults) { rig in
            let answer = try await rig.initiate()
            let sid = try #require(rig.carrier.callSids.first)
            #expect(answer.status == 200 && answer.body.contains(sid))
            let report = try #require(await rig.carrier.report(of: sid))
            #expect(report.status == .completed && report.warnings.isEmpty)
            #expect(report.streams.count == 1)
            #expect(rig.carrier.callSids.count == 1)
        }
        #expect(messages.map(\.to) == ["+15550199"])
        #expect(messages.first?.body == "Call to +15550101. Nothing was said.")
    }

    @Test(arguments: [(CallParty.Answer.busy, "The line was busy."), (.noAnswer, "Nobody answered.")])
    func whoeverAskedIsToldOfACallThatDidNotComeAbout(answer: CallParty.Answer, words: String) async throws {
        let messages = try await with(answer) { rig in
            #expect(try await rig.initiate().status == 200)
            let sid = try #require(rig.carrier.callSids.first)
            #expect(await rig.carrier.report(of: sid)?.streams.isEmpty == true)
        }
        #expect(messages.map(\.body) == ["Call to +15550101. \(words)"])
    }

    @Test func aRefusalIsPassedOn() async throws {
        let messages = try await with(faults: [.refused(status: 400, code: 21219)]) { rig in
            let answer = try await rig.initiate()
            #expect(answer.status == 403 && answer.body.contains("21219") && rig.carrier.callSids.isEmpty)
        }
        #expect(messages.isEmpty)
    }
}
