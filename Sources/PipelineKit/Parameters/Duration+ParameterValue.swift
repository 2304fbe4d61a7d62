// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension Duration: ParameterValue {
    private static let units = "us, ms, s, m, h or d"
    private static let pattern = #"^(\d+(\.\d+)?(us|ms|s|m|h|d)|.*\$\{.+\}.*)$"#

    /// Reads `250us`, `200ms`, `1.5s`, `2m`, `1h` or `30d`.
    ///
    /// - Returns: `nil` for any other text, also for a number without a unit and for more than a hundred years.
    public init?(parameterText text: String) {
        guard text.utf8.count <= 24, let number = Self.split(text) else { return nil }
        var value = Duration.zero
        for digit in number.whole {
            value = value * 10 + number.unit * digit
            guard value < .seconds(3_153_600_000) else { return nil }
        }
        var unit = number.unit
        for digit in number.fraction {
            unit = unit / 10
            value += unit * digit
        }
        self = value
    }

    /// The shortest text that ``init(parameterText:)`` reads as this duration, in the unit that suits it.
    public var parameterText: String {
        let (seconds, attoseconds) = components
        if self < .zero { return "-\((.zero - self).parameterText)" }
        if self == .zero { return "0s" }
        if attoseconds == 0, seconds % 86_400 == 0, seconds > 86_400 { return "\(seconds / 86_400)d" }
        if attoseconds == 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if attoseconds == 0, seconds % 60 == 0, seconds > 60 { return "\(seconds / 60)m" }
        if seconds > 0 { return Self.decimal(seconds, attoseconds, digits: 18) + "s" }
        let thousandth: Int64 = 1_000_000_000_000_000
        if attoseconds >= thousandth {
            return Self.decimal(attoseconds / thousandth, attoseconds % thousandth, digits: 15) + "ms"
        }
        let millionth: Int64 = 1_000_000_000_000
        return Self.decimal(attoseconds / millionth, attoseconds % millionth, digits: 12) + "us"
    }

    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Duration>?, _ decoder: inout ParameterDecoder
    ) -> Duration? {
        guard let scalar = node.scalar, let value = Duration(parameterText: scalar.text) else {
            let isBareNumber =
                switch node.scalar?.value {
                case .integer, .number: true
                default: false
                }
            let remedy = isBareNumber ? "; add a unit: \(units)" : ""
            return decoder.mismatch("a duration such as 200ms", remedy: remedy, node)
        }
        return decoder.checked(value, in: range, node)
    }

    public static func type(in range: ParameterRange<Duration>?) -> ParameterType {
        ParameterType("duration", range: range?.text, json: ["type": "string", "pattern": .string(pattern)])
    }

    public func isInside(_ range: ParameterRange<Duration>) -> Bool { range.contains(self) }
    public var encoded: JSONValue { .string(parameterText) }

    private static func split(_ text: String) -> (whole: [Int], fraction: [Int], unit: Duration)? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let unit = unit(text.dropFirst(number.count)), (1...2).contains(parts.count) else { return nil }
        guard parts.allSatisfy({ !$0.isEmpty }), let whole = parts.first, whole.count <= 18 else { return nil }
        let digits = parts.map { $0.compactMap(\.wholeNumberValue) }
        return (digits[0], digits.count > 1 ? digits[1] : [], unit)
    }

    private static func unit(_ name: Substring) -> Duration? {
        switch name {
        case "us": .microseconds(1)
        case "ms": .milliseconds(1)
        case "s": .seconds(1)
        case "m": .seconds(60)
        case "h": .seconds(3600)
        case "d": .seconds(86_400)
        default: nil
        }
    }

    private static func decimal(_ whole: Int64, _ fraction: Int64, digits: Int) -> String {
        guard fraction > 0 else { return "\(whole)" }
        let text = String(fraction)
        let padded = String(repeating: "0", count: digits - text.count) + text
        return "\(whole).\(padded[..<padded.index(after: padded.lastIndex { $0 != "0" } ?? padded.startIndex)])"
    }
}
