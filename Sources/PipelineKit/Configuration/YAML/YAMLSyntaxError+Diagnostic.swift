// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension YAMLSyntaxError {
    /// The error in the user's terms, with a remedy.
    func diagnostic(in source: SourceText, file: String) -> Diagnostic {
        if let offset {
            return Diagnostic(.error, Self.controlCharacter, at: source.mark(atOffset: offset, file: file))
        }
        let mark = SourceMark(file: file, line: line + 1, column: column + 1)
        let start = SourceMark(file: file, line: contextLine + 1, column: contextColumn + 1)
        if problem == "found unexpected end of stream" || problem == "found unexpected document indicator" {
            let fact = "the quotation that begins here is never closed"
            return Diagnostic(.error, "\(fact); add the closing quotation mark", at: start)
        }
        let before = SourceMark(file: file, line: line + 1, column: column)
        if problem.contains("',' or"), source.character(at: mark) == "{", source.character(at: before) == "$" {
            return Diagnostic(.error, "inside brackets '${...}' needs quotation marks: \"${NAME}\"", at: before)
        }
        if problem.contains("',' or") {
            let bracket = problem.contains("']'") ? "]" : "}"
            let opened = "what was opened at line \(start.line), column \(start.column)"
            return Diagnostic(.error, "expected ',' or '\(bracket)' to go on with or close \(opened)", at: mark)
        }
        return Diagnostic(.error, explanation(source.character(at: mark)), at: mark)
    }

    private func explanation(_ character: Unicode.Scalar?) -> String {
        switch problem {
        case "found character that cannot start any token":
            character == "\t"
                ? Self.tabs
                : "a value cannot begin with \(character.map { "'\($0)'" } ?? "this character"); put the value in quotes"
        case _ where problem.contains("tab character"): Self.tabs
        case "mapping values are not allowed in this context":
            "unexpected ':'; check the indentation and the line before, or put text that contains ': ' in quotes"
        case "did not find expected key":
            "expected a key like those above it; check the indentation and the line before"
        case "did not find expected '-' indicator":
            "expected '- ' as in the lines above it; check the indentation"
        case "could not find expected ':'":
            "expected 'key: value'; check the line before for a missing ':'"
        case "block sequence entries are not allowed in this context":
            "a list cannot begin here; begin it on a line of its own below the key"
        case "found unknown escape character", "did not find expected hexdecimal number":
            "unknown escape; write '\\\\' for a backslash, or use single quotes"
        case "found undefined tag handle":
            "unknown tag; remove it, or put text that begins with '!' in quotes"
        default:
            "not valid YAML: \(problem)\(context.map { " \($0)" } ?? "")"
        }
    }

    private static let controlCharacter =
        "control characters are not allowed in YAML; remove this one, or write it as an escape in double quotes"

    private static let tabs = "a tab cannot indent; use spaces"
}
