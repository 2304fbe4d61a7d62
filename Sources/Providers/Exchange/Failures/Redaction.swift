// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Takes secrets out of text that a provider wrote, and makes one short line of it.
struct Redaction {
    private static let longestText = 400
    private static let keyPrefixes = ["sk-", "sk_", "gsk_", "xi-", "Bearer"]

    private let secrets: [String]

    /// Takes these out, and whatever looks like a key.
    init(_ secrets: [Secret<String>]) { self.secrets = secrets.map(\.value).filter { $0.utf8.count >= 4 } }

    /// The text without secrets, control characters and surplus.
    func clean(_ text: String) -> String {
        var text = text
        for secret in secrets {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
        var line = ""
        var isKeyNext = false
        for word in words {
            let isKey = isKeyNext || Self.isKey(word)
            isKeyNext = word.hasSuffix("Bearer")
            if !line.isEmpty { line += " " }
            line += isKey && !isKeyNext ? "***" : word
            if line.count > Self.longestText { return line.prefix(Self.longestText) + "…" }
        }
        return line
    }

    private static func isKey(_ word: Substring) -> Bool {
        let bare = word.drop { !$0.isLetter }
        return bare.count > 8 && keyPrefixes.contains { bare.hasPrefix($0) }
    }
}
