// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The text of a source file and where its lines begin.
///
/// Lines end as YAML 1.1 has it: CR, LF, CR LF, NEL, LS or PS; so line numbers agree with those of the parser.
public struct SourceText: Sendable {
    private static let longestExcerpt = 160

    private let bytes: [UInt8]
    private let lineStarts: [Int]

    /// Takes UTF-8 text.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let length = Self.breakLength(bytes, index)
                index += max(length, 1)
                if length > 0 { starts.append(index) }
            }
        }
        lineStarts = starts
    }

    /// Where the character at a byte offset is.
    public func mark(atOffset offset: Int, file: String) -> SourceMark {
        let line = max(0, lineStarts.partitioningIndex { $0 > offset } - 1)
        let end = min(max(offset, lineStarts[line]), bytes.count)
        let column = bytes[lineStarts[line]..<end].count { $0 & 0xC0 != 0x80 }
        return SourceMark(file: file, line: line + 1, column: column + 1)
    }

    /// The character at a mark; `nil` at the end of the line or outside the text.
    func character(at mark: SourceMark) -> Unicode.Scalar? {
        guard mark.column >= 1, let line = line(mark.line) else { return nil }
        return line.unicodeScalars.dropFirst(mark.column - 1).first
    }

    /// The line at a mark and, below it, a caret under the column; `nil` if the text has no such place.
    ///
    /// A long line is cut to the part around the column; control characters show as spaces.
    func excerpt(at mark: SourceMark) -> String? {
        guard mark.column >= 1, let line = line(mark.line) else { return nil }
        let shown = line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        guard mark.column <= shown.count + 1, !shown.isEmpty else { return nil }
        let first = mark.column <= Self.longestExcerpt ? 0 : mark.column - Self.longestExcerpt / 2
        let last = min(shown.count, first + Self.longestExcerpt)
        let caret = String(repeating: " ", count: mark.column - 1 - first)
        return "\(String(shown[first..<last]))\n\(caret)^\n"
    }

    private func line(_ number: Int) -> String? {
        guard number >= 1, number <= lineStarts.count else { return nil }
        let start = lineStarts[number - 1]
        let end = number < lineStarts.count ? lineStarts[number] : bytes.count
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        let breaks: Set<Unicode.Scalar> = ["\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"]
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix { !breaks.contains($0) }))
    }

    private static func breakLength(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        switch bytes[index] {
        case 0x0A: return 1
        case 0x0D: return index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
        case 0xC2: return index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
        case 0xE2:
            guard index + 2 < bytes.count, bytes[index + 1] == 0x80 else { return 0 }
            return bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9 ? 3 : 0
        default: return 0
        }
    }
}

extension Array {
    /// The index of the first element for which `belongsAfter` holds, in an array where it holds for a tail.
    fileprivate func partitioningIndex(_ belongsAfter: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongsAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
