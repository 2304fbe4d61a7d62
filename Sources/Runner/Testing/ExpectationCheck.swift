// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Compares an expectation with what happened.
///
/// Knows no clock.
struct ExpectationCheck {
    /// What was expected.
    let expectation: TestExpectation
    /// When the last step began.
    let lastStart: Duration

    /// What is wrong; `nil` when the expectation is met.
    func failure(_ observations: TestObservations) -> String? {
        let times = times(observations)
        let came = times.isEmpty ? "it never came" : "it came at \(times.prefix(5).map(\.description).listed())"
        if let count = expectation.count {
            return times.count == count ? nil : "expected \(subject) \(count) times; it came \(times.count) times"
        }
        if let limit = expectation.absentAfter {
            guard let late = times.first(where: { $0 > .zero + limit }) else { return nil }
            return "expected no \(subject) after \(MediaTime.zero + limit); it came at \(late)"
        }
        let begin = MediaTime.zero + (expectation.after ?? lastStart)
        let end = expectation.within.map { begin + $0 }
        if times.contains(where: { time in time >= begin && end.map { time <= $0 } ?? true }) { return nil }
        let span = end.map { " and \($0)" } ?? " and the end"
        let said = expectation.transcript == nil ? "" : "; \(conversation(observations))"
        return "expected \(subject) between \(begin)\(span); \(came)\(said)"
    }

    private var subject: String {
        if let event = expectation.event { return "'\(event.rawValue)'" }
        if let words = expectation.transcript { return "\(words.shown) by the \(expectation.by.rawValue)" }
        return "frame '\(expectation.frame ?? "")' from '\(expectation.on)'"
    }

    private func times(_ observations: TestObservations) -> [MediaTime] {
        if let event = expectation.event { return observations.times(of: event) }
        if let type = expectation.frame { return observations.times(of: type, on: expectation.on) }
        let words = Self.normal(expectation.transcript ?? "")
        return observations.utterances.filter { utterance in
            utterance.speaker == expectation.by && " \(Self.normal(utterance.words)) ".contains(" \(words) ")
        }.map(\.time)
    }

    private func conversation(_ observations: TestObservations) -> String {
        let said = observations.utterances.filter { $0.speaker == expectation.by }
        return said.isEmpty
            ? "the \(expectation.by.rawValue) said nothing"
            : "the \(expectation.by.rawValue) said \(said.map(\.words.shown).listed())"
    }

    /// Lower case words with one space between them, without punctuation.
    private static func normal(_ text: String) -> String {
        let kept = text.lowercased().map { $0.isLetter || $0.isNumber || $0 == "'" ? $0 : " " }
        return String(kept).split(separator: " ").joined(separator: " ")
    }
}
