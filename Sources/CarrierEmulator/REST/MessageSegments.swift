// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The pieces in which a text message is sent: 160 characters of the GSM alphabet, 70 of any other.
enum MessageSegments {
    private static let basic = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            .unicodeScalars
    )
    .union("abcdefghijklmnopqrstuvwxyzäöñüà".unicodeScalars)
    /// Each of these takes the place of two.
    private static let extended = Set("^{}\\[~]|€\u{0C}".unicodeScalars)

    /// How many pieces a text needs.
    static func count(_ text: String) -> Int {
        let scalars = text.unicodeScalars
        guard scalars.allSatisfy({ basic.contains($0) || extended.contains($0) }) else {
            return pieces(text.utf16.count, whole: 70, part: 67)
        }
        return pieces(scalars.count + scalars.count { extended.contains($0) }, whole: 160, part: 153)
    }

    private static func pieces(_ length: Int, whole: Int, part: Int) -> Int {
        length <= whole ? 1 : (length + part - 1) / part
    }
}
