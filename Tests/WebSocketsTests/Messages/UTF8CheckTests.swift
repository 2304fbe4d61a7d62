// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineTesting
import Testing

@testable import WebSockets

@Suite struct UTF8CheckTests {
    /// The standard library's opinion.
    private func isValid(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

    private func check(_ bytes: [UInt8], cutAt cut: Int) -> Bool {
        var check = UTF8Check()
        return check.take(ByteBuffer(bytes: bytes[..<cut])) && check.take(ByteBuffer(bytes: bytes[cut...]))
            && check.isComplete
    }

    @Test func agreesWithTheStandardLibraryOnEveryPairOfLeadAndContinuation() {
        var wrong: [[UInt8]] = []
        for lead in UInt8.min ... .max {
            for next in UInt8.min ... .max {
                for tail in [[], [0x80], [0x80, 0x80], [0xBF, 0xBF], [0x41]] as [[UInt8]] {
                    let bytes = [lead, next] + tail
                    if check(bytes, cutAt: 1) != isValid(bytes) { wrong.append(bytes) }
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: 0..<50 as Range<UInt64>) func agreesWithTheStandardLibraryWhereverTextIsCut(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array("Grüße, κόσμε 日本 😀! plain ASCII of more than eight bytes".utf8)
        if seed > 0 {
            bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
        }
        for cut in 0...bytes.count { #expect(check(bytes, cutAt: cut) == isValid(bytes)) }
    }
}
