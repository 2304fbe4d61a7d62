// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// An element of an XML document, written so that no text can become markup.
struct XMLElement: Sendable, Equatable {
    /// What stands inside.
    enum Content: Sendable, Equatable {
        case text(String)
        case element(XMLElement)
    }

    /// A name and its value.
    struct Attribute: Sendable, Equatable {
        var name: String
        var value: String
    }

    let name: String
    private(set) var attributes: [Attribute] = []
    var content: [Content] = []

    /// Creates an element.
    init(_ name: String, _ content: [Content] = []) {
        self.name = name
        self.content = content
    }

    /// Creates an element with elements inside.
    init(_ name: String, children: [XMLElement]) { self.init(name, children.map(Content.element)) }

    /// Sets an attribute; one without a value is left out.
    mutating func set(_ name: String, _ value: String?) {
        guard let value else { return }
        attributes.append(Attribute(name: name, value: value))
    }

    /// Sets an attribute to a whole number.
    mutating func set(_ name: String, _ value: Int?) { set(name, value.map(String.init)) }

    /// Sets an attribute to `true` or `false`.
    mutating func set(_ name: String, _ value: Bool?) { set(name, value.map { $0 ? "true" : "false" }) }

    /// Sets an attribute to whole seconds, rounded up.
    mutating func set(_ name: String, seconds value: Duration?) {
        set(name, value.map { Int(($0 / .seconds(1)).rounded(.up)) })
    }

    /// The value of an attribute, if it is set.
    subscript(_ attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

    /// The element as text.
    var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        text += "<\(name)"
        for attribute in attributes {
            text += " \(attribute.name)=\""
            Self.write(attribute.value, isAttribute: true, to: &text)
            text += "\""
        }
        guard !content.isEmpty else { return text += "/>" }
        text += ">"
        for item in content {
            switch item {
            case .text(let words): Self.write(words, isAttribute: false, to: &text)
            case .element(let element): element.write(to: &text)
            }
        }
        text += "</\(name)>"
    }

    /// Writes characters escaped; those that XML 1.0 has no way to write become spaces.
    private static func write(_ value: String, isAttribute: Bool, to text: inout String) {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&apos;"
            // A parser would make spaces of them: XML 1.0, 2.11 and 3.3.3.
            case "\r": text += "&#13;"
            case "\n" where isAttribute, "\t" where isAttribute: text += "&#\(scalar.value);"
            case "\n", "\t": text.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
