// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import NIOCore
import PipelineKit
import Testing

@testable import Transports

/// Recordings are fetched from the emulated carrier, over HTTP.
@Suite(.timeLimit(.minutes(2))) struct RecordingFetchTests {
    private static let samples = [UInt8](repeating: 0x8E, count: 8000)

    private struct Rig {
        let carrier: Carrier
        let url: String

        func source(
            _ account: CarrierAccount = .example, maxBytes: Int = 100_000, hosts: [String] = []
        ) -> RecordingSource {
            let secret = "\(account.sid):\(account.authToken.value)"
            return RecordingSource(
                hosts: [carrier.origin] + hosts, maxBytes: maxBytes,
                authorization: Secret("Basic " + Base64.encode(Array(secret.utf8))))
        }
    }

    private func rig(_ body: (Rig) async throws -> Void) async throws {
        var configuration = Carrier.Configuration()
        configuration.protectsRecordings = true
        let loops = LoopGroup(count: 1)
        let carrier = try await Carrier.start(configuration, on: loops.eventLoopGroup)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(Rig(carrier: carrier, url: carrier.addRecording(Self.samples))))
        } catch {
            result = .failure(error)
        }
        try await carrier.shutDown()
        try await loops.shutDown()
        try result.get()
    }

    @Test func theAccountGetsItsRecording() async throws {
        try await rig { rig in
            let audio = try ReceivedRecording.audio(try await rig.source().fetch(rig.url))
            #expect(audio.format.rateHz == 8000 && audio.sampleCount == 8000)
            #expect(rig.carrier.requests.map(\.status) == [200])
        }
    }

    @Test func anybodyElseDoesNot() async throws {
        try await rig { rig in
            var other = CarrierAccount.example
            other.authToken = Secret("another")
            let source = rig.source(other)
            await #expect(throws: RecordingSource.Failure.status(401)) { try await source.fetch(rig.url) }
        }
    }

    @Test func aRecordingThatIsNotThereYetIsAskedForAgain() async throws {
        try await rig { rig in
            rig.carrier.inject(.refused(status: 404, code: 20404), .refused(status: 404, code: 20404))
            let bytes = try await rig.source().fetch(rig.url)
            #expect(bytes.readableBytes == 44 + 16_000)
            #expect(rig.carrier.requests.map(\.status) == [404, 404, 200])
        }
    }

    @Test func oneThatNeverComesIsGivenUp() async throws {
        try await rig { rig in
            let source = rig.source()
            let missing = rig.url.dropLast(4) + "0000"
            await #expect(throws: RecordingSource.Failure.status(404)) { try await source.fetch(String(missing)) }
            #expect(rig.carrier.requests.count == 4)
        }
    }

    @Test func oneThatIsTooLargeIsNotKept() async throws {
        try await rig { rig in
            let source = rig.source(maxBytes: 10_000)
            await #expect(throws: RecordingSource.Failure.tooLarge(10_000)) { try await source.fetch(rig.url) }
        }
    }

    @Test func aRedirectWithinTheHostIsFollowed() async throws {
        try await rig { rig in
            let path = rig.url.dropFirst(rig.carrier.origin.count) + ".wav"
            rig.carrier.inject(.redirected(to: rig.url + ".wav"), .redirected(to: String(path)))
            let bytes = try await rig.source().fetch(rig.url)
            #expect(bytes.readableBytes == 44 + 16_000)
            #expect(rig.carrier.requests.map(\.status) == [307, 307, 200])
        }
    }

    @Test func aRedirectToAHostThatIsNotKnownIsNotFollowed() async throws {
        try await rig { rig in
            try await self.rig { other in
                let source = rig.source()
                for address in [other.url + ".wav", "recording.wav", "file:///etc/passwd"] {
                    rig.carrier.inject(.redirected(to: address))
                    await #expect(throws: RecordingSource.Failure.foreignAddress) { try await source.fetch(rig.url) }
                }
                #expect(other.carrier.requests.isEmpty)
            }
        }
    }

    @Test func anotherHostThatIsKnownIsNotGivenTheSecret() async throws {
        try await rig { rig in
            try await self.rig { other in
                // Both have the same account: with the secret the other one would give the recording.
                rig.carrier.inject(.redirected(to: other.url + ".wav"))
                let source = rig.source(hosts: [other.carrier.origin])
                await #expect(throws: RecordingSource.Failure.status(401)) { try await source.fetch(rig.url) }
                #expect(other.carrier.requests.map(\.status) == [401])
                let bytes = try await source.fetch(other.url)
                #expect(bytes.readableBytes == 44 + 16_000)
            }
        }
    }

    @Test func aCircleOfRedirectsComesToAnEnd() async throws {
        try await rig { rig in
            for _ in 0..<10 { rig.carrier.inject(.redirected(to: rig.url + ".wav")) }
            let source = rig.source()
            await #expect(throws: RecordingSource.Failure.tooManyRedirects) { try await source.fetch(rig.url) }
            #expect(rig.carrier.requests.count == 4)
        }
    }
}
