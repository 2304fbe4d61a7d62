// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text as a message shows it: in single quotes, control characters escaped, cut after 60 characters.
    package var shown: String { shown(upTo: 60) }

    /// The text in single quotes, control characters escaped, cut after a number of characters.
    package func shown(upTo limit: Int) -> String {
        var result = ""
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.properties.generalCategory == .control:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return "'\(result)\(unicodeScalars.count > limit ? "..." : "")'"
    }
}

extension Collection<String> {
    /// The words as a sentence lists them: `a, b and c`.
    package func listed(_ conjunction: String = "and") -> String {
        guard let last = Array(self).last, count > 1 else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) \(conjunction) \(last)"
    }
}
