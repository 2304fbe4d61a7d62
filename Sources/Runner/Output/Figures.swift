// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension Double {
    /// The value with a number of decimals.
    func fixed(_ decimals: Int = 1) -> String {
        guard isFinite, abs(self) < 1e15 else { return "\(self)" }
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(self) * Double(scale)).rounded())
        let sign = self < 0 && scaled != 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(scaled) }
        return "\(sign)\(scaled / scale).\(String(scaled % scale + scale).dropFirst())"
    }
}

extension Duration {
    /// Whole milliseconds, such as `812 ms`.
    var shownMilliseconds: String { milliseconds.fixed(0) + " ms" }
    /// The duration in microseconds for JSON, to a nanosecond.
    var jsonMicroseconds: Double { (milliseconds * 1_000_000).rounded() / 1000 }
    /// The duration in milliseconds for JSON, to a microsecond.
    var jsonMilliseconds: JSONValue { .number((milliseconds * 1000).rounded() / 1000) }
}

extension MediaTime {
    /// Minutes, seconds and tenths, such as `1:04.2`.
    var shownClock: String {
        let tenths = max(0, nanoseconds / 100_000_000)
        let seconds = String(tenths / 10 % 60 + 100).dropFirst()
        return "\(tenths / 600):\(seconds).\(tenths % 10)"
    }
    /// The time in milliseconds for JSON, to a microsecond.
    var jsonMilliseconds: JSONValue { (self - MediaTime.zero).jsonMilliseconds }
}
