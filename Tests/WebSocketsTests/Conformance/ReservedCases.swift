// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension ConformanceCase {
    /// Sections 3 (reserved bits) and 4 (reserved opcodes).
    static var reserved: [ConformanceCase] {
        let hello = WireFrame.text("Hello, world!")
        let bits: [ConformanceCase] = [
            ConformanceCase("3.1", [WireFrame(0x81 | 0x40, hello.payload)], fails: 1002),
            ConformanceCase("3.2", [hello, WireFrame(0x81 | 0x20, hello.payload)], echoes: [hello], fails: 1002),
            ConformanceCase("3.4", [hello, WireFrame(0x81 | 0x30, hello.payload)], echoes: [hello], fails: 1002),
            ConformanceCase("3.5", [WireFrame(0x82 | 0x50, [0, 1])], fails: 1002),
            ConformanceCase("3.6", [WireFrame(0x89 | 0x60, [])], fails: 1002),
            ConformanceCase("3.7", [WireFrame(0x88 | 0x70, [])], fails: 1002),
        ]
        let opcodes = Array(3...7) + Array(11...15)
        return bits
            + opcodes.flatMap { opcode in
                let frame = WireFrame(0x80 | UInt8(opcode))
                let full = WireFrame(0x80 | UInt8(opcode), Array("reserved".utf8))
                return [
                    ConformanceCase("4.\(opcode).empty", [frame], fails: 1002),
                    ConformanceCase("4.\(opcode).after", [hello, full], echoes: [hello], fails: 1002),
                ]
            }
    }
}
