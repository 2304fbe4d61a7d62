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
        var found: [String: [String]] = [:]
        text.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let end = Self.first(0x0A, in: rest) ?? rest.endIndex
                let line = rest[..<end]
                rest = rest[min(end + 1, rest.endIndex)...]
                guard let space = Self.first(0x20, in: line) ?? Self.first(0x09, in: line) else { continue }
                let head = line[line.startIndex..<(Self.first(0x28, in: line[..<space]) ?? space)]
                let word = String(decoding: head, as: UTF8.self)
                guard words.contains(word) else { continue }
                let phones = line[space...].split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
                found[word, default: []].append(
                    phones.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
            }
        }
        return found
    }

    /// Where a byte first occurs.
    private static func first(_ byte: UInt8, in bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        let region = UnsafeRawBufferPointer(rebasing: bytes)
        guard let base = region.baseAddress, let hit = memchr(base, Int32(byte), region.count) else { return nil }
        return bytes.startIndex + (UnsafeRawPointer(hit) - base)
    }
}
