// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension JSONValue: CustomStringConvertible {
    /// The value as JSON on one line.
    public var description: String {
        var text = ""
        write(into: &text, indentation: nil)
        return text
    }

    /// The value as JSON (RFC 8259) on several lines, indented by two spaces, with a line break at the end.
    public var pretty: String {
        var text = ""
        write(into: &text, indentation: 0)
        return text + "\n"
    }

    /// A number as the shortest text that reads back as the same value; whole numbers without a fraction.
    static func text(of number: Double) -> String {
        guard number.isFinite else { return "null" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
        return "\(number)"
    }

    private func write(into text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.text(of: value)
        case .string(let value): Self.write(value, into: &text)
        case .array(let values):
            Self.write(values, between: ("[", "]"), into: &text, indentation) { value, text, inner in
                value.write(into: &text, indentation: inner)
            }
        case .object(let members):
            Self.write(members, between: ("{", "}"), into: &text, indentation) { member, text, inner in
                Self.write(member.key, into: &text)
                text += inner == nil ? ":" : ": "
                member.value.write(into: &text, indentation: inner)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between brackets: (String, String), into text: inout String, _ indentation: Int?,
        _ body: (Element, inout String, Int?) -> Void
    ) {
        guard !elements.isEmpty else { return text += brackets.0 + brackets.1 }
        let inner = indentation.map { $0 + 2 }
        text += brackets.0
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            lineBreak(inner, into: &text)
            body(element, &text, inner)
        }
        lineBreak(indentation, into: &text)
        text += brackets.1
    }

    private static func lineBreak(_ indentation: Int?, into text: inout String) {
        if let indentation { text += "\n" + String(repeating: " ", count: indentation) }
    }

    private static func write(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // RFC 8259, section 7, asks for C0 only; DEL and the line separators are escaped for terminals and scripts.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
