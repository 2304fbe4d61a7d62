// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The text in which Prometheus reads metrics.
///
/// - SeeAlso: Prometheus, "Exposition formats", text format 0.0.4.
struct PrometheusText {
    /// What an answer says of its body.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Writes all series of a store.
    init(_ store: MetricsStore) {
        for (name, family) in store.snapshot { write(Self.metricName(name), family) }
    }

    private mutating func write(_ name: String, _ family: MetricsStore.Family) {
        text += "# TYPE \(name) \(family.kind.rawValue)\n"
        let series = family.series.map { (Self.labels($0.key), $0.value) }.sorted { $0.0 < $1.0 }
        for (labels, series) in series {
            switch series {
            case .number(let number): line(name, labels, number.current)
            case .histogram(let histogram): write(name, labels, histogram)
            }
        }
    }

    private mutating func write(_ name: String, _ labels: String, _ histogram: MetricHistogram) {
        let counts = histogram.current
        var sum = 0
        for (bound, count) in zip(histogram.bounds.map(Self.number) + ["+Inf"], counts.buckets) {
            sum += count
            line("\(name)_bucket", labels.isEmpty ? "le=\"\(bound)\"" : "\(labels),le=\"\(bound)\"", Double(sum))
        }
        line("\(name)_sum", labels, counts.sum)
        line("\(name)_count", labels, Double(sum))
    }

    private mutating func line(_ name: String, _ labels: String, _ value: Double) {
        text += labels.isEmpty ? "\(name) " : "\(name){\(labels)} "
        text += "\(Self.number(value))\n"
    }

    private static func labels(_ labels: MetricLabels) -> String {
        labels.pairs.map { "\(labelName($0[0]))=\"\(escaped($0[1]))\"" }.joined(separator: ",")
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    private static func metricName(_ name: String) -> String { cleaned(name, colon: true) }
    private static func labelName(_ name: String) -> String { cleaned(name, colon: false) }

    /// Only letters, digits and `_`, no digit first; other characters become `_`.
    private static func cleaned(_ name: String, colon: Bool) -> String {
        let characters = name.map { character -> Character in
            let isGood = character.isASCII && (character.isLetter || character.isNumber || (colon && character == ":"))
            return isGood ? character : "_"
        }
        return (characters.first?.isNumber != false ? "_" : "") + String(characters)
    }
}
