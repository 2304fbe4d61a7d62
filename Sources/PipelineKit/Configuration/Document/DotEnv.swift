// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The `.env` file beside a pipeline: a line `NAME=value` for each variable that the environment does not set.
///
/// `export` before a name, blank lines and comments are allowed. A value may stand in single quotes, which keep it as it
/// is, or in double quotes, in which `\n`, `\t`, `\"` and `\\` are escapes. Without quotes it ends before ` #`.
enum DotEnv {
    private static let mostBytes = 1 << 20

    /// The variables of a file; none if there is no file.
    static func read(path: String, _ diagnostics: inout Diagnostics) -> [String: String] {
        let mark = SourceMark(file: path)
        do {
            let bytes = try SourceFile.read(path: path, limit: mostBytes)
            guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
                diagnostics.error("the file is not text in UTF-8", at: mark)
                return [:]
            }
            return parse(text, file: path, &diagnostics)
        } catch .system(ENOENT), .system(ENOTDIR) {
            return [:]
        } catch {
            diagnostics.error(error.message, at: mark)
            return [:]
        }
    }

    /// The variables of a text; of a name that occurs twice the last value counts.
    static func parse(_ text: String, file: String, _ diagnostics: inout Diagnostics) -> [String: String] {
        var variables: [String: String] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let content = line.trimmingSpaces
            guard !content.isEmpty, !content.hasPrefix("#") else { continue }
            guard let (name, value) = variable(content) else {
                // The line itself is not shown: it may hold a secret.
                let mark = SourceMark(file: file, line: index + 1)
                diagnostics.error("expected NAME=value; check the name and the quotation marks", at: mark)
                continue
            }
            variables[name] = value
        }
        return variables
    }

    private static func variable(_ line: Substring) -> (String, String)? {
        let assignment = line.hasPrefix("export ") ? line.dropFirst(7).trimmingSpaces : line
        guard let equals = assignment.firstIndex(of: "=") else { return nil }
        let name = assignment[..<equals].trimmingSpaces
        guard VariableSubstitution.isName(name) else { return nil }
        return value(assignment[assignment.index(after: equals)...].trimmingSpaces).map { (String(name), $0) }
    }

    private static func value(_ text: Substring) -> String? {
        switch text.first {
        case "'":
            let inner = text.dropFirst()
            guard let end = inner.firstIndex(of: "'"), isComment(inner[inner.index(after: end)...]) else { return nil }
            return String(inner[..<end])
        case "\"": return doubleQuoted(text.dropFirst())
        default:
            if text.hasPrefix("#") { return "" }
            let comment = text.indices.first { text[$0] == "#" && text[text.index(before: $0)] == " " }
            return String(text[..<(comment ?? text.endIndex)].trimmingSpaces)
        }
    }

    private static func doubleQuoted(_ text: Substring) -> String? {
        var result = ""
        var rest = text
        while let character = rest.popFirst() {
            switch character {
            case "\"": return isComment(rest) ? result : nil
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                result.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
            default: result.append(character)
            }
        }
        return nil
    }

    private static func isComment(_ text: Substring) -> Bool {
        let rest = text.trimmingSpaces
        return rest.isEmpty || rest.hasPrefix("#")
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { start[...$0] } ?? ""
    }
}
