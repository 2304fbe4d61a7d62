// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension ConformanceCase {
    /// Section 6 (UTF-8).
    static var texts: [ConformanceCase] { valid + invalid + failFast }

    private static let kosme: [UInt8] = Array("κόσμε".utf8)

    private static var valid: [ConformanceCase] {
        let texts: [(String, [UInt8])] = [
            ("6.2.1", Array("Hello-µ@ßöäüàá-UTF-8!!".utf8)),
            ("6.5.1", kosme),
            ("6.6.2", Array("κ".utf8)),
            ("6.7.1", [0x00]), ("6.7.2", [0xC2, 0x80]), ("6.7.3", [0xE0, 0xA0, 0x80]),
            ("6.7.4", [0xF0, 0x90, 0x80, 0x80]), ("6.9.1", [0x7F]), ("6.9.2", [0xDF, 0xBF]),
            ("6.9.3", [0xEF, 0xBF, 0xBF]), ("6.9.4", [0xF4, 0x8F, 0xBF, 0xBF]),
            ("6.11.1", [0xED, 0x9F, 0xBF]), ("6.11.2", [0xEE, 0x80, 0x80]), ("6.11.3", [0xEF, 0xBF, 0xBD]),
            ("6.22.1", [0xEF, 0xBF, 0xBE]), ("6.23.1", [0xEF, 0xBF, 0xB9]),
        ]
        return texts.flatMap { id, bytes in
            let bytewise = bytes.dropLast().enumerated().map { WireFrame($0 == 0 ? 0x01 : 0x00, [$1]) }
            let last = WireFrame(bytewise.isEmpty ? 0x81 : 0x80, [bytes[bytes.count - 1]])
            return [
                ConformanceCase(id, [.text(bytes)], echoes: [.text(bytes)]),
                ConformanceCase("\(id) by octets", bytewise + [last], echoes: [.text(bytes)]),
                ConformanceCase(
                    "\(id) with empty fragments", [.begin([]), .more(bytes), .more([]), .last([])],
                    echoes: [.text(bytes)]),
            ]
        }
    }

    private static var invalid: [ConformanceCase] {
        let surrogate: [UInt8] = [0xED, 0xA0, 0x80]
        let texts: [(String, [UInt8])] = [
            ("6.3.1", kosme + surrogate + Array("edited".utf8)),
            ("6.6.1", [0xCE]), ("6.6.3", [0xCE, 0xBA, 0xE1]), ("6.6.5", [0xCE, 0xBA, 0xE1, 0xBD]),
            ("6.8.1", [0xF8, 0x88, 0x80, 0x80, 0x80]), ("6.8.2", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]),
            ("6.10.1", [0xF7, 0xBF, 0xBF, 0xBF]), ("6.10.2", [0xFB, 0xBF, 0xBF, 0xBF, 0xBF]),
            ("6.11.5", [0xF4, 0x90, 0x80, 0x80]), ("6.12.1", [0x80]), ("6.12.2", [0xBF]), ("6.12.3", [0x80, 0xBF]),
            ("6.13.1", [0xC0, 0x20, 0xC1, 0x20]), ("6.13.3", [0xE0, 0x20]), ("6.14.6", [0xC0]),
            ("6.14.7", [0xE0, 0x80]), ("6.14.8", [0xF0, 0x80, 0x80]), ("6.16.1", [0xFE]), ("6.16.2", [0xFF]),
            ("6.17.1", [0xC0, 0xAF]), ("6.17.2", [0xE0, 0x80, 0xAF]), ("6.17.3", [0xF0, 0x80, 0x80, 0xAF]),
            ("6.18.1", [0xC1, 0xBF]), ("6.18.2", [0xE0, 0x9F, 0xBF]), ("6.18.3", [0xF0, 0x8F, 0xBF, 0xBF]),
            ("6.19.1", [0xC0, 0x80]), ("6.20.1", surrogate), ("6.20.7", [0xED, 0xBF, 0xBF]),
            ("6.21.1", [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80]),
        ]
        return texts.map { ConformanceCase($0, [.text($1)], fails: 1007) }
    }

    /// Refused with the first byte at fault, although the frame or the message is not complete.
    private static var failFast: [ConformanceCase] {
        let bad = kosme + [0xF4, 0x90]
        let unfinished = WireFrame.text(bad + [0x80, 0x80] + Array("edited".utf8)).bytes().dropLast(8)
        var inFrame = ConformanceCase("6.4.3", [], expect: [.close(1007)])
        inFrame.send = Array(unfinished)
        return [
            ConformanceCase("6.4.1", [.begin(kosme), .more([0xF4, 0x90])], expect: [.close(1007)]),
            ConformanceCase("6.4.2", [.begin(kosme), .more([0xF4]), .more([0x90])], expect: [.close(1007)]),
            inFrame,
        ]
    }
}
