// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Where English and CJK sentences may end.
///
/// Tables and predicates without state.
enum SentenceRules {
    /// Abbreviations that something always follows.
    static let leadingAbbreviations: Set<String> = [
        "mr", "mrs", "ms", "mx", "dr", "prof", "rev", "hon", "gen", "col", "capt", "lt", "sgt", "st", "mt", "ft", "vs",
        "cf",
        "e.g", "i.e", "eg", "ie", "approx", "ca", "fig", "figs", "vol", "ch", "sec", "art", "ext", "dept", "est",
        "messrs",
        "herr", "nr", "z.b", "d.h", "bzw", "sra", "srta", "mme", "mlle",
    ]
    /// Abbreviations after which a sentence may be over: a capital letter tells.
    static let trailingAbbreviations: Set<String> = [
        "a.m", "p.m", "am", "pm", "etc", "inc", "ltd", "co", "corp", "jr", "sr", "ave", "blvd", "rd", "jan", "feb",
        "mar",
        "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thurs",
        "fri",
        "sat", "sun", "min", "max", "al", "ph.d", "m.d", "b.a", "m.a", "b.sc", "m.sc",
    ]
    /// Abbreviations that a number follows.
    static let numberAbbreviations: Set<String> = ["no", "nos", "p", "pp", "art", "op"]

    static func isStop(_ scalar: Unicode.Scalar) -> Bool { ".!?…".unicodeScalars.contains(scalar) }
    static func isWideStop(_ scalar: Unicode.Scalar) -> Bool { "。！？｡".unicodeScalars.contains(scalar) }
    static func isClosing(_ scalar: Unicode.Scalar) -> Bool { "\"'”’»)]}」』）】".unicodeScalars.contains(scalar) }
    static func isOpening(_ scalar: Unicode.Scalar) -> Bool { "\"'“‘«([{「『（【".unicodeScalars.contains(scalar) }
    static func isClauseMark(_ scalar: Unicode.Scalar) -> Bool { ",;:—–，、；：".unicodeScalars.contains(scalar) }
    static func isNewline(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" || scalar == "\u{2029}" }
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType == .decimal }
    static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }
    static func isUpper(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isUppercase }
    static func isLower(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isLowercase }
    /// Whether there is something to say.
    static func isSpeakable(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || scalar.properties.numericType != nil
    }
}
