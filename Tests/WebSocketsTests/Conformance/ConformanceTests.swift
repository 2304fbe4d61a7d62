// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import PipelineTesting
import Testing

@testable import WebSockets

/// The rules of RFC 6455, case by case; numbers are those of the Autobahn test suite.
@Suite struct ConformanceTests {
    static let cases: [ConformanceCase] =
        ConformanceCase.framing + ConformanceCase.reserved + ConformanceCase.fragmentation + ConformanceCase.texts
        + ConformanceCase.closing

    @Test(arguments: cases) func answersAsTheStandardSays(_ conformance: ConformanceCase) throws {
        try check(conformance) { .max }
        var generator = SeededGenerator(seed: UInt64(conformance.send.count))
        try check(conformance) { Int.random(in: 1...2000, using: &generator) }
        if conformance.send.count < 5000 { try check(conformance) { 1 } }
    }

    private func check(_ conformance: ConformanceCase, piece: () -> Int) throws {
        let peer = try WirePeer()
        try peer.send(conformance.send, piece: piece)
        let frames = try peer.takeFrames().map { frame in
            // The words of a Close are for people.
            frame.first == 0x88 ? WireFrame(0x88, Array(frame.payload.prefix(2))) : frame
        }
        #expect(frames == conformance.expect)
        peer.advance(.seconds(5))
        #expect(!peer.channel.isActive)
        #expect(peer.handler.heard.count { if case .closed = $0 { true } else { false } } == 1)
    }
}
