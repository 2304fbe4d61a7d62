// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension ConformanceCase {
    /// Section 5 (fragmentation), and 10 (messages cut by the sender).
    static var fragmentation: [ConformanceCase] {
        let whole = WireFrame.text("fragment1fragment2")
        return [
            ConformanceCase("5.1", [WireFrame(0x09, [1]), WireFrame(0x80, [2])], fails: 1002),
            ConformanceCase("5.2", [WireFrame(0x0A, [1]), WireFrame(0x80, [2])], fails: 1002),
            ConformanceCase("5.3", [.begin("fragment1"), .last("fragment2")], echoes: [whole]),
            ConformanceCase(
                "5.6", [.begin("fragment1"), .ping("ping"), .last("fragment2")], echoes: [.pong("ping"), whole]),
            ConformanceCase("5.9", [.last("non-continuation"), .text("Hello")], fails: 1002),
            ConformanceCase("5.12", [.more("non-continuation"), .text("Hello")], fails: 1002),
            ConformanceCase("5.15", interrupted + [.more("fragment3")], echoes: [whole], fails: 1002),
            ConformanceCase("5.18", [.begin("fragment1"), .text("fragment2")], fails: 1002),
            ConformanceCase("5.19", pinged, echoes: [.pong("ping 1"), .pong("ping 2"), .text("12345")]),
            ConformanceCase("5.close", [.begin("1"), .close(1000), .last("2")], expect: [.close(1000)]),
            ConformanceCase("10.1.1", cut, echoes: [.text(String(repeating: "*", count: 65536))]),
        ]
    }

    private static var interrupted: [WireFrame] { [.begin("fragment1"), .last("fragment2")] }

    private static var pinged: [WireFrame] {
        [.begin("1"), .more("2"), .ping("ping 1"), .more("3"), .more("4"), .ping("ping 2"), .last("5")]
    }

    private static var cut: [WireFrame] {
        let pieces = stride(from: 0, to: 65536, by: 1300).map { [UInt8](repeating: 0x2A, count: min(1300, 65536 - $0)) }
        return pieces.enumerated().map { index, piece in
            index == 0 ? .begin(piece) : index == pieces.count - 1 ? .last(piece) : .more(piece)
        }
    }
}
