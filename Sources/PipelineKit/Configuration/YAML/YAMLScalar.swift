// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A value without parts, as written, and what it means.
public struct YAMLScalar: Sendable, Hashable {
    /// What a scalar means.
    public enum Value: Sendable, Hashable {
        /// Nothing.
        case null
        /// True or false.
        case bool(Bool)
        /// A whole number that fits 64 bits.
        case integer(Int)
        /// Any other number.
        case number(Double)
        /// Text.
        case string(String)
    }

    /// The text without quotation marks and escapes.
    public var text: String
    /// Whether the text stands without quotation marks, so that it may be a number, a truth value or nothing.
    public var isPlain: Bool
    /// The explicit tag in full, such as `tag:yaml.org,2002:str`, if there is one.
    public var tag: String?
    /// What stood in the file, if variables have been substituted in it.
    public var original: String?
    /// Whether a variable in it is not set, which has been reported: what the scalar means is not known.
    public var isUnresolved = false

    /// Creates a scalar.
    public init(_ text: String, isPlain: Bool = true, tag: String? = nil, original: String? = nil) {
        self.text = text
        self.isPlain = isPlain
        self.tag = tag
        self.original = original
    }

    /// What the scalar means by the core schema of YAML 1.2: `no`, `on` and `yes` are text.
    public var value: Value {
        if let tag { return Self.tagged(text, tag) ?? .string(text) }
        return isPlain ? Self.plain(text) : .string(text)
    }

    /// Whether the text would be a number or a truth value without its quotation marks.
    var isNeedlesslyQuoted: Bool {
        guard !isPlain, tag == nil, !text.isEmpty else { return false }
        return Self.plain(text) != .string(text)
    }

    /// The scalar as a message shows it.
    ///
    /// What came from the environment is named, not shown: it may be a secret.
    public var shown: String {
        if let original { return "the value of \(original.shown)" }
        switch value {
        case .null: return "nothing"
        case .bool, .integer, .number: return text.count <= 60 ? text : text.shown
        case .string: return text.shown
        }
    }
}

extension YAMLScalar {
    /// Tags that a file may write: `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, and `!` for text.
    static let knownTags = Set(["str", "int", "float", "bool", "null"].map { "tag:yaml.org,2002:\($0)" } + ["!"])

    /// The meaning of a tagged scalar; `nil` if the text is not what the tag says.
    static func tagged(_ text: String, _ tag: String) -> Value? {
        let value = plain(text)
        switch (tag, value) {
        case ("tag:yaml.org,2002:str", _), ("!", _): return .string(text)
        case ("tag:yaml.org,2002:int", .integer), ("tag:yaml.org,2002:bool", .bool): return value
        case ("tag:yaml.org,2002:null", .null), ("tag:yaml.org,2002:float", .number): return value
        case ("tag:yaml.org,2002:float", .integer(let number)): return .number(Double(number))
        default: return nil
        }
    }

    // YAML 1.2.2, section 10.3.2 (tag resolution of the core schema).
    private static func plain(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        default: number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> Value? {
        guard let first = text.utf8.first, text.utf8.count <= 64 else { return nil }
        guard (0x30...0x39).contains(first) || first == 0x2D || first == 0x2B || first == 0x2E else { return nil }
        if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
        if let special = notFinite(text) { return .number(special) }
        switch shape(text) {
        case .integer: return Int(text).map { .integer($0) } ?? Double(text).map { .number($0) }
        case .decimal: return Double(text).map { .number($0) }
        case nil: return nil
        }
    }

    private static func integer(_ digits: Substring, radix: Int) -> Value? {
        guard let first = digits.first, first.isHexDigit else { return nil }
        return Int(digits, radix: radix).map { .integer($0) }
    }

    private static func notFinite(_ text: String) -> Double? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .infinity
        case "-.inf", "-.Inf", "-.INF": -.infinity
        case ".nan", ".NaN", ".NAN": .nan
        default: nil
        }
    }

    private enum Shape { case integer, decimal }

    /// Recognises `[-+]?[0-9]+` and `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
    private static func shape(_ text: String) -> Shape? {
        var rest = Substring(text)
        func digits() -> Int {
            let found = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(found.count)
            return found.count
        }
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        var count = digits()
        if rest.isEmpty { return count > 0 ? .integer : nil }
        if rest.first == "." {
            rest = rest.dropFirst()
            count += digits()
        }
        guard count > 0 else { return nil }
        if rest.first == "e" || rest.first == "E" {
            rest = rest.dropFirst()
            if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
            guard digits() > 0 else { return nil }
        }
        return rest.isEmpty ? .decimal : nil
    }
}
