// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import PipelineKit
import Synchronization
import Testing
import WebSockets

@testable import Transports

@Suite struct SocketSessionTests {
    private let loop = NIOAsyncTestingEventLoop()
    private let session: SocketSession
    // Touched on the loop alone.
    nonisolated(unsafe) private let peer = RecordingPeer()

    private let refusals = RefusalList()

    init() { session = SocketSession(on: loop) }

    /// Asks for a call that is refused; returns how the far end's socket was closed.
    private func closing(_ error: any Error, hangsUp: Bool) async throws -> (told: String?, codes: [WebSocketCloseCode])
    {
        try await loop.executeInContext { [self] in
            session.open(peer) {}
            session.start(Call(id: "1", transport: "test"), host: RefusingHost(error: error)) { refusal in
                self.session.abort(refusal.code)
                self.refusals.append(refusal.message)
            }
            if hangsUp { session.hangUp() }
        }
        while try await loop.executeInContext({ [self] in peer.closed }).isEmpty {
            await loop.run()
            await Task.yield()
        }
        return (refusals.first, try await loop.executeInContext { [self] in peer.closed })
    }

    @Test func aRefusalIsToldAndClosesTheSocket() async throws {
        let end = try await closing(CallRefused("no more calls"), hangsUp: false)
        #expect(end.told == "no more calls")
        #expect(end.codes == [.tryAgainLater])
    }

    @Test func whatFailsInTheHouseStaysInTheHouse() async throws {
        struct Secret: Error {}
        let end = try await closing(Secret(), hangsUp: false)
        #expect(end.told == "the call could not be started; the server's log says why")
        #expect(end.codes == [.internalError])
    }

    @Test func aFarEndThatHungUpMeanwhileIsClosedWithoutAWord() async throws {
        let end = try await closing(CallRefused("no more calls"), hangsUp: true)
        #expect(end.told == nil)
        #expect(end.codes == [.normal])
    }
}

/// What was told.
private final class RefusalList: Sendable {
    private let messages = Mutex<[String]>([])

    var first: String? { messages.withLock { $0.first } }
    func append(_ message: String) { messages.withLock { $0.append(message) } }
}

/// Takes no call.
private struct RefusingHost: CallHost {
    let error: any Error

    func accept(_ call: Call) async throws -> Session { throw error }
}
