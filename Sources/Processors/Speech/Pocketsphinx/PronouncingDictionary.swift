// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The pronunciations of a CMU dictionary file.
///
/// A line has a word and its phones; `word(2)` is another pronunciation of `word`. Reading 135 000 lines for the words of
/// one grammar takes some milliseconds, so a decoder is given these words only: it opens ten times faster and stays small.
struct PronouncingDictionary {
    private let text: [UInt8]

    /// Reads a file.
    ///
    /// - Throws: ``PocketsphinxError/missingFile(path:)``.
    init(path: String) throws(PocketsphinxError) {
        guard let file = fopen(path, "r") else { throw .missingFile(path: path) }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        guard size > 0 else { throw .missingFile(path: path) }
        rewind(file)
        text = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = fread(buffer.baseAddress, 1, size, file)
        }
    }

    /// A dictionary of these lines.
    init(text: String) {
        self.text = Array(text.utf8)
    }

    /// The pronunciations of `words`, which are in lower case; a word that is absent has no entry.
    func pronunciations(of words: Set<String>) -> [String: [String]] {
        let wanted = Dictionary(uniqueKeysWithValues: words.map { (Array($0.utf8)[...], $0) })
        var found: [String: [String]] = [:]
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let space = line.firstIndex(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else {
                continue
            }
            let head = line[..<space]
            let base = head.firstIndex(of: UInt8(ascii: "(")).map { head[..<$0] } ?? head
            guard let word = wanted[base] else { continue }
            let phones = line[space...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 13 }
            found[word, default: []].append(phones.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
        }
        return found
    }
}
