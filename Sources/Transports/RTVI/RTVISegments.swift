// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A sentence of the agent under the number by which its client knows it.
struct RTVISegment: Equatable {
    /// Counts the sentences of a call, from 1.
    var id: Int
    /// What is said.
    var text: String
}

/// The sentences that were announced and whose hearing is not yet known; holds at most ``capacity``.
struct RTVISegments {
    /// Sentences that are remembered; of more, the oldest are forgotten.
    static let capacity = 64

    private var waiting: [RTVISegment] = []
    private var count = 0

    /// A sentence is announced.
    mutating func add(_ text: String) -> RTVISegment {
        count += 1
        let segment = RTVISegment(id: count, text: text)
        waiting.append(segment)
        if waiting.count > Self.capacity { waiting.removeFirst() }
        return segment
    }

    /// Divides what was heard of a reply among its sentences, and forgets these and older ones.
    ///
    ///     planned   One two.  Three four.  Five.
    ///     heard     One two.  Three
    ///     answers   One two.  Three        ""
    mutating func finish(planned: String, heard: String) -> [(segment: RTVISegment, heard: String)] {
        var planned = planned[...]
        var heard = heard[...]
        var result: [(RTVISegment, String)] = []
        while true {
            planned = planned.drop { $0.isWhitespace }
            heard = heard.drop { $0.isWhitespace }
            // Sentences of replies that nobody heard anything of lie before.
            guard !planned.isEmpty, let index = waiting.firstIndex(where: { planned.hasPrefix($0.text) }) else { break }
            let segment = waiting[index]
            waiting.removeFirst(index + 1)
            let part = heard.prefix(segment.text.count)
            planned = planned.dropFirst(segment.text.count)
            heard = heard.dropFirst(part.count)
            result.append((segment, segment.text.hasPrefix(part) ? String(part) : ""))
        }
        return result
    }
}
