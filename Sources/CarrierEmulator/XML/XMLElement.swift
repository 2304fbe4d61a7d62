// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// An element of an XML document.
struct XMLElement: Equatable, Sendable {
    /// A part of an element.
    enum Node: Equatable, Sendable {
        case element(XMLElement)
        case text(String)
    }

    /// The name as written, with its prefix if there is one.
    var name: String
    /// Attributes in order.
    var attributes: [FormField] = []
    /// Elements and text in order.
    var children: [Node] = []

    /// The value of an attribute.
    subscript(attribute: String) -> String? { attributes[attribute] }

    /// The elements inside.
    var elements: [XMLElement] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The text inside, also that of elements inside, with single spaces.
    var text: String {
        let parts = children.map { child in
            switch child {
            case .element(let element): element.text
            case .text(let text): text
            }
        }
        return parts.joined().split { $0.isWhitespace }.joined(separator: " ")
    }
}

/// Why a text is no XML that is accepted here.
struct XMLError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    var message: String
    /// Where, in bytes from the beginning.
    var offset: Int

    var description: String { "\(message) at byte \(offset)" }
}
