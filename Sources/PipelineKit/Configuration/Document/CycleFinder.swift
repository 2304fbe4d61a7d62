// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Finds entries that wait for each other.
struct CycleFinder {
    private let entries: [PipelineEntry]
    private let indices: [String: Int]

    /// Prepares to search resolved entries.
    init(_ entries: [PipelineEntry]) {
        self.entries = entries
        indices = Dictionary(entries.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// Reports each cycle once, at the reference that closes it.
    ///
    /// Walks with a stack of its own: a chain may have as many entries as a file holds.
    func report(_ decoder: inout ParameterDecoder) {
        enum State { case new, open, done }
        var states = [State](repeating: .new, count: entries.count)
        for start in entries.indices where states[start] == .new {
            var stack = [(index: start, next: 0)]
            states[start] = .open
            while let (index, next) = stack.last {
                guard next < entries[index].after.count else {
                    states[index] = .done
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let reference = entries[index].after[next]
                guard let target = indices[reference.id] else { continue }
                switch states[target] {
                case .new:
                    states[target] = .open
                    stack.append((target, 0))
                case .open: report(stack.map(\.index), closedBy: reference, to: target, &decoder)
                case .done: break
                }
            }
        }
    }

    private func report(
        _ open: [Int], closedBy reference: PipelineEntry.Reference, to target: Int, _ decoder: inout ParameterDecoder
    ) {
        let cycle = open.drop { $0 != target }.map { entries[$0].id }
        let names = (cycle + [entries[target].id]).map { "'\($0)'" }
        let shown = names.count <= 8 ? names : names.prefix(6) + ["..."] + names.suffix(1)
        let message = "waits for itself: \(shown.joined(separator: " after ")); remove one 'after'"
        decoder.key(cycle.last ?? "") { decoder in
            decoder.key("after") { $0.error(message, at: reference.mark) }
        }
    }
}
