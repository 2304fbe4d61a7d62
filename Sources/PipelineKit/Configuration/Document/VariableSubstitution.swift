// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Puts environment variables into scalars: `${NAME}`, `${NAME:-default}`; `$${` stands for `${`.
///
/// A value is text and stays one scalar, whatever it holds. A plain scalar may become a number or a truth value, and so may
/// a quoted one that is a single reference.
/// `${session.id}` and its like are left for the session.
struct VariableSubstitution {
    private static let runtimePrefix = "session."

    private let environment: [String: String]
    private let severity: Diagnostic.Severity
    private let placeholder: String?
    /// The variables that were missing.
    private(set) var diagnostics = Diagnostics()

    /// Takes the variables.
    ///
    /// - Parameters:
    ///   - severity: How grave a missing variable is.
    ///   - placeholder: What it reads as instead; it is not missing then.
    init(environment: [String: String], severity: Diagnostic.Severity, placeholder: String? = nil) {
        self.environment = environment
        self.severity = severity
        self.placeholder = placeholder
    }

    /// Substitutes in all scalars of a node; reports variables that are not set.
    mutating func apply(to node: inout YAMLNode?, path: String) {
        if let original = node { node = applied(to: original, path: path) }
    }

    /// The node with variables substituted in all scalars.
    mutating func applied(to node: YAMLNode, path: String) -> YAMLNode {
        var node = node
        switch node.content {
        case .scalar(let scalar):
            node.content = .scalar(substituted(scalar, at: node.mark, path: path))
        case .sequence(let elements):
            node.content = .sequence(elements.enumerated().map { applied(to: $1, path: "\(path)[\($0)]") })
        case .mapping(let pairs):
            node.content = .mapping(
                pairs.map { pair in
                    var pair = pair
                    pair.value = applied(to: pair.value, path: "\(path).\(pair.key)")
                    return pair
                })
        }
        return node
    }

    private mutating func substituted(_ scalar: YAMLScalar, at mark: SourceMark, path: String) -> YAMLScalar {
        guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return scalar }
        var result = scalar
        result.text = ""
        var rest = Substring(scalar.text)
        while let dollar = rest.firstIndex(of: "$") {
            result.text += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result.text += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    diagnostics.error(
                        "'${' without '}'; write '$${' for the characters themselves", at: mark, path: path)
                    break
                }
                substitute(rest[rest.index(rest.startIndex, offsetBy: 2)..<end], into: &result, scalar, mark, path)
                rest = rest[rest.index(after: end)...]
            } else {
                result.text += "$"
                rest = rest.dropFirst()
            }
        }
        result.text += rest
        if result.original != nil, Self.isSingleReference(scalar.text) { result.isPlain = true }
        return result
    }

    private mutating func substitute(
        _ reference: Substring, into result: inout YAMLScalar, _ scalar: YAMLScalar, _ mark: SourceMark, _ path: String
    ) {
        let name = reference.prefix { $0 != ":" }
        let tail = reference.dropFirst(name.count)
        if reference.hasPrefix(Self.runtimePrefix) {
            result.text += "${\(reference)}"
            return
        }
        result.original = scalar.text
        guard Self.isName(name), tail.isEmpty || tail.hasPrefix(":-") else {
            let remedy = "write ${NAME} or ${NAME:-default}, or '$${' for the characters themselves"
            diagnostics.error("\("${\(reference)}".shown) names no variable; \(remedy)", at: mark, path: path)
            result.isUnresolved = true
            return
        }
        let value = environment[String(name)]
        if !tail.isEmpty, value ?? "" == "" {
            result.text += tail.dropFirst(2)
        } else if let value = value ?? placeholder {
            result.text += value
        } else {
            let remedy = "set it, add it to .env, or write ${\(name):-default}"
            let message = "the environment variable \(name) is not set; \(remedy)"
            diagnostics.add(Diagnostic(severity, message, at: mark, path: path))
            result.text += "${\(reference)}"
            result.isUnresolved = true
        }
    }

    /// Whether a text is `${...}` and nothing else: such a value needs quotation marks inside brackets, and may be a number
    /// all the same.
    private static func isSingleReference(_ text: String) -> Bool {
        text.hasPrefix("${") && text.firstIndex(of: "}") == text.index(before: text.endIndex)
    }

    /// Whether a text can be a variable's name.
    static func isName(_ name: some StringProtocol) -> Bool {
        guard let first = name.first, !first.isNumber, name.utf8.count <= 128 else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
