// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The carrier's names for things: two letters and 32 hexadecimal digits.
enum CarrierSID {
    /// A name that nothing else has.
    static func make(_ kind: String) -> String {
        let digits = (0..<4).map { _ in
            let part = String(UInt32.random(in: 0...UInt32.max), radix: 16)
            return String(repeating: "0", count: 8 - part.count) + part
        }
        return kind + digits.joined()
    }
}
