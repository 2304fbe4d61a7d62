// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension ConformanceCase {
    /// Section 7 (the closing handshake).
    static var closing: [ConformanceCase] {
        let hello = WireFrame.text("Hello World!")
        let long = [UInt8](repeating: 0x2A, count: 123)
        let good: [UInt16] = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
        let bad: [UInt16] = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535]
        return [
            ConformanceCase("7.1.1", [hello], echoes: [hello]),
            ConformanceCase("7.1.2", [.close(1000), .close(1000)], expect: [.close(1000)]),
            ConformanceCase("7.1.3", [.close(1000), .ping("late")], expect: [.close(1000)]),
            ConformanceCase("7.1.4", [.close(1000), hello], expect: [.close(1000)]),
            ConformanceCase("7.1.5", [.begin("one"), .close(1000), .last("two")], expect: [.close(1000)]),
            ConformanceCase("7.3.1", [.close(nil)], expect: [.close(nil)]),
            ConformanceCase("7.3.2", [WireFrame(0x88, [0x03])], fails: 1002),
            ConformanceCase("7.3.3", [.close(1000)], expect: [.close(1000)]),
            ConformanceCase("7.3.4", [.close(1000, Array("Hello World!".utf8))], expect: [.close(1000)]),
            ConformanceCase("7.3.5", [.close(1000, long)], expect: [.close(1000)]),
            ConformanceCase("7.3.6", [.close(1000, long + [0x2A])], fails: 1002),
            ConformanceCase("7.5.1", [.close(1000, [0xCE, 0xBA, 0xED, 0xA0, 0x80])], fails: 1007),
        ]
            + good.map { ConformanceCase("7.7 \($0)", [.close($0)], expect: [.close($0)]) }
            + bad.map { ConformanceCase("7.9 \($0)", [.close($0)], fails: 1002) }
    }
}
