// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension SpokenWord {
    /// The written words of a text with the times of what was spoken for them.
    ///
    /// A synthesiser speaks words that are not written: "$3.50" is "three dollars fifty cents". Each spoken word names
    /// the byte at which its written one ends, or the byte after.
    ///
    /// - Parameter spoken: End in the text, and start and end in seconds, in order.
    static func words(of text: String, spoken: [(textEnd: Int, start: Double, end: Double)]) -> [SpokenWord] {
        let pieces = pieces(of: Array(text.utf8))
        var words: [SpokenWord] = []
        var next = 0
        for (textEnd, start, end) in spoken {
            while next + 1 < pieces.count, pieces[next + 1].lowerBound < textEnd { next += 1 }
            guard next < pieces.count else { break }
            let range = pieces[next]
            if words.last?.range == range {
                words[words.count - 1].end = .seconds(end)
            } else {
                let written = String(decoding: Array(text.utf8)[range], as: UTF8.self)
                words.append(SpokenWord(written, range: range, start: .seconds(start), end: .seconds(end)))
            }
        }
        return words
    }

    /// Where the pieces between white space stand.
    private static func pieces(of bytes: [UInt8]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start: Int?
        for (index, byte) in bytes.enumerated() {
            // Space, tab, line feed, carriage return: what flite takes for white space.
            if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                if let begun = start { pieces.append(begun..<index) }
                start = nil
            } else if start == nil {
                start = index
            }
        }
        if let begun = start { pieces.append(begun..<bytes.count) }
        return pieces
    }
}
