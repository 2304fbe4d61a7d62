// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension ConformanceCase {
    /// Sections 1 (framing) and 2 (pings and pongs).
    static var framing: [ConformanceCase] { messages + pings }

    private static var messages: [ConformanceCase] {
        [0, 125, 126, 127, 128, 65535, 65536].enumerated().flatMap { index, count in
            let text = WireFrame.text(String(repeating: "*", count: count))
            let binary = WireFrame.binary([UInt8](repeating: 0xFE, count: count))
            return [
                ConformanceCase("1.1.\(index + 1)", [text], echoes: [text]),
                ConformanceCase("1.2.\(index + 1)", [binary], echoes: [binary]),
            ]
        }
    }

    private static var pings: [ConformanceCase] {
        let long = String(repeating: "p", count: 125)
        let many = (0..<10).map { "payload-\($0)" }
        return [
            ConformanceCase("2.1", [.ping("")], echoes: [.pong("")]),
            ConformanceCase("2.2", [.ping("Hello, world!")], echoes: [.pong("Hello, world!")]),
            ConformanceCase(
                "2.3", [WireFrame(0x89, [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF])],
                echoes: [WireFrame(0x8A, [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF])]),
            ConformanceCase("2.4", [.ping(long)], echoes: [.pong(long)]),
            ConformanceCase("2.5", [.ping(long + "p")], fails: 1002),
            ConformanceCase("2.7", [.pong("")], echoes: []),
            ConformanceCase("2.8", [.pong("unsolicited")], echoes: []),
            ConformanceCase("2.9", [.pong("unsolicited"), .ping("ping")], echoes: [.pong("ping")]),
            ConformanceCase("2.10", many.map(WireFrame.ping), echoes: many.map(WireFrame.pong)),
        ]
    }
}
