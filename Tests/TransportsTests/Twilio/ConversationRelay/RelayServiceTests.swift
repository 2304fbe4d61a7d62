// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing
import WebSockets

@testable import Transports

/// ConversationRelay over the loopback: webhooks, WebSockets, and connections that break.
@Suite(.timeLimit(.minutes(1))) struct RelayServiceTests {
    private func rig<Result: Sendable>(
        _ configure: @escaping @Sendable (inout TwilioParameters) -> Void = { _ in },
        _ body: (TwilioRig) async throws -> Result
    ) async throws -> Result {
        try await TwilioRig.with(Parrot.plan) { parameters in
            parameters.mode = .conversationRelay
            configure(&parameters)
        } _: { rig in
            try await body(rig)
        }
    }

    private static func setup(_ call: String = "CA1") -> String {
        #"{"type":"setup","sessionId":"VX1","callSid":"\#(call)","from":"+15550101","to":"+15550100","#
            + #""direction":"inbound","customParameters":{}}"#
    }

    private static func prompt(_ words: String) -> String {
        #"{"type":"prompt","voicePrompt":"\#(words)","lang":"en-US","last":true}"#
    }

    private func address(_ instructions: String) throws -> String {
        try #require(instructions.between(#"<ConversationRelay url=""#, #"""#))
    }

    private func connect(_ rig: TwilioRig) async throws -> StreamClient {
        let client = StreamClient()
        try await rig.open(client, address(rig.instructions()))
        client.send(Self.setup())
        await client.wait { $0.replies.count == 1 }
        return client
    }

    @Test func aCallIsAnsweredTokenByToken() async throws {
        try await rig({ $0.greeting = "This is an AI." }) { rig in
            let instructions = try await rig.instructions()
            #expect(
                instructions.contains(
                    "<Response><Say>This is an AI.</Say><Connect action=\"\(rig.url("/voice/ended"))\""))
            let client = StreamClient()
            try await rig.open(client, address(instructions))
            client.send(Self.setup(), Self.prompt("one"), Self.prompt("two"))
            await client.wait { $0.replies.count == 3 }
            #expect(client.messages.replies == ["Hello.", "You said one", "You said two"])
            #expect(client.messages.prefix(2).last?["last"]?.bool == true)
            let call = try #require(rig.host.sessions.all.first?.call)
            #expect(call.attributes["from"] == "+15550101" && call.attributes["direction"] == "inbound")
            #expect(call.attributes["tenant"] == "9" && call.id == "CA1")
            client.hangUp()
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
        }
    }

    @Test func forgedUsedAndForeignNamesAreRefused() async throws {
        try await rig { rig in
            let address = try address(await rig.instructions())
            await #expect(throws: (any Error).self) { try await rig.open(StreamClient(), address, signature: "forged") }
            await #expect(throws: (any Error).self) {
                try await rig.open(StreamClient(), address.replacing("/ws/", with: "/ws/0"))
            }
            let client = StreamClient()
            try await rig.open(client, address)
            await #expect(throws: (any Error).self) { try await rig.open(StreamClient(), address) }
            client.send(Self.setup("CA2"))
            await client.waitForEnd()
            #expect(client.closeCode == .tryAgainLater)
            #expect(try await rig.post("/voice", TwilioRig.ringing("CA1"), signature: "forged").status == 403)
            #expect(try await rig.post("/voice/ended", TwilioRig.ringing("CA1"), signature: "forged").status == 403)
            #expect(rig.host.sessions.all.isEmpty)
        }
    }

    @Test func tenMessagesWithoutSenseEndTheConnection() async throws {
        try await rig { rig in
            let client = try await connect(rig)
            for _ in 0..<9 { client.send("{") }
            client.send(Self.prompt("one"))
            await client.wait { $0.replies.count == 2 }
            for _ in 0..<10 { client.send(#"{"type":7}"#) }
            await client.waitForEnd()
            #expect(client.closeCode == .invalidPayload)
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
        }
    }

    @Test func aGoodbyeEndsTheSessionAtTwilio() async throws {
        try await rig { rig in
            let client = try await connect(rig)
            client.send(Self.prompt("goodbye"))
            await client.wait { $0.last?["type"]?.string == "end" }
            #expect(client.messages.replies.last == "You said goodbye")
            client.hangUp()
            #expect(await rig.host.sessions.waitForEnd() == ["agent_ended"])
            let after = try await rig.post("/voice/ended", [("CallSid", "CA1"), ("SessionStatus", "ended")])
            #expect(after.body.hasSuffix("<Response><Hangup/></Response>"))
        }
    }

    @Test func aBrokenConnectionIsTakenUpAgain() async throws {
        try await rig { rig in
            let first = try await connect(rig)
            first.send(Self.prompt("one"))
            await first.wait { $0.replies.count == 2 }
            first.breakOff()
            await first.waitForEnd()
            let failed = [("CallSid", "CA1"), ("SessionStatus", "failed")].map { (name: $0.0, value: $0.1) }
            let again = try await rig.post("/voice/ended", failed)
            #expect(again.body.contains("welcomeGreeting=\"Sorry, we were cut off for a moment. Please go on.\""))
            let second = StreamClient()
            try await rig.open(second, address(again.body))
            second.send(Self.setup(), Self.prompt("two"))
            await second.wait { $0.replies.count == 1 }
            #expect(second.messages.replies == ["You said two"])
            #expect(rig.host.sessions.all.count == 1)
            second.hangUp()
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
        }
    }

    @Test func aConnectionThatDoesNotComeBackEndsTheCall() async throws {
        try await rig({ $0.relay.reconnectTimeout = .seconds(1) }) { rig in
            let client = try await connect(rig)
            client.breakOff()
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
        }
    }

    @Test func theStatusCallbackEndsTheCall() async throws {
        try await rig { rig in
            let client = try await connect(rig)
            let status = try await rig.post("/call/status", [("CallSid", "CA1"), ("CallStatus", "completed")])
            #expect(status.status == 204)
            await client.waitForEnd()
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
        }
    }
}
