// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A path in which parts stand for anything: `/calls/{id}`.
struct PathPattern: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case exactly(String)
        case any(String)
    }

    private let parts: [Part]

    /// Reads a pattern.
    init(_ text: String) {
        parts = Self.split(text).map { part in
            part.first == "{" && part.last == "}" ? .any(String(part.dropFirst().dropLast())) : .exactly(part)
        }
    }

    /// What the parts in braces stand for, when a path, as it was sent, fits.
    func match(_ path: String) -> [String: String]? {
        let found = Self.split(path)
        guard found.count == parts.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, text) in zip(parts, found) {
            // After splitting: an encoded slash belongs to its part.
            let text = PercentEncoding.decoded(text.utf8)
            switch part {
            case .exactly(let expected): guard text == expected else { return nil }
            case .any(let name):
                guard !text.isEmpty else { return nil }
                parameters[name] = text
            }
        }
        return parameters
    }

    private static func split(_ path: String) -> [String] {
        path.dropFirst(path.hasPrefix("/") ? 1 : 0).split(separator: "/", omittingEmptySubsequences: false).map {
            String($0)
        }
    }
}
