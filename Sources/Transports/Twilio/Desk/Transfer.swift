// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// How a call is handed on.
public enum TransferMode: String, ParameterChoice {
    /// The other side is joined with the caller at once.
    case cold
    /// The other side is told first what it is about, and takes the call with a key.
    case warm

    public var summary: String {
        switch self {
        case .cold: "whoever answers is joined with the caller at once"
        case .warm:
            "whoever answers hears first what it is about, and takes the call with a key; an answering machine does not"
        }
    }
}

/// Where a call goes on to.
struct Transfer: Sendable, Equatable {
    /// Characters of a summary that are spoken.
    static let longestSummary = 1000

    /// The number.
    var number: String
    /// What whoever answers is told before the two are joined; `nil` for nothing.
    var summary: String?

    /// Creates a transfer; only a warm one has a summary, if only a short one.
    init(to number: String, _ mode: TransferMode, summary: String?) {
        self.number = number
        guard mode == .warm else { return }
        let words = summary?.trimmed ?? ""
        self.summary = words.isEmpty ? "A call is handed on to you." : String(words.prefix(Self.longestSummary))
    }
}

extension String {
    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        var text = self[...].drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
