// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A decoder on its way between owners.
///
/// Unchecked: it is in the pool's idle list or in exactly one lease, and each guards it with its mutex.
struct IdleDecoder: @unchecked Sendable {
    /// The decoder.
    let decoder: PocketsphinxDecoder

    /// Takes a decoder over.
    init(_ decoder: PocketsphinxDecoder) {
        self.decoder = decoder
    }
}

/// The right to have one decoder: an idle one, or room to open one.
struct PocketsphinxPermit: Sendable {
    /// An idle decoder of the right configuration.
    var decoder: IdleDecoder?
    /// A decoder that had to make room; it closes when the permit goes, outside the pool's lock.
    var evicted: IdleDecoder?
}

/// A waiting borrower's continuation and what to resume it with.
struct PocketsphinxGrant: Sendable {
    /// Where it waits.
    var continuation: CheckedContinuation<PocketsphinxPermit, any Error>
    /// What it gets.
    var result: Result<PocketsphinxPermit, any Error>

    /// Ends the wait; called outside the pool's lock.
    func resume() { continuation.resume(with: result) }
}

/// The pool's books.
struct PocketsphinxPoolState: ~Copyable {
    /// A borrower in line.
    struct Waiter {
        /// Its number.
        var id: Int
        /// What it wants.
        var configuration: PocketsphinxConfiguration
        /// Where it waits.
        var continuation: CheckedContinuation<PocketsphinxPermit, any Error>
    }

    /// The most decoders that may exist at a time.
    let limit: Int
    /// Decoders that nobody has, the longest idle first.
    private(set) var idle: [IdleDecoder] = []
    /// How many decoders are lent.
    private(set) var lent = 0
    /// Borrowers in line.
    private(set) var waiting: [Waiter] = []
    /// Borrowers that were cancelled before they stood in line.
    private var cancelled: Set<Int> = []
    /// Borrowers that have not yet been served.
    private var open: Set<Int> = []
    private var nextID = 0

    /// Books of an empty pool.
    init(limit: Int) {
        self.limit = limit
    }

    /// Numbers a borrower.
    mutating func newID() -> Int {
        nextID += 1
        open.insert(nextID)
        return nextID
    }

    /// Takes an idle decoder or room for one, unless all are lent.
    mutating func takeNow(for configuration: PocketsphinxConfiguration) -> PocketsphinxPermit? {
        if let index = idle.lastIndex(where: { $0.decoder.configuration == configuration }) {
            lent += 1
            return PocketsphinxPermit(decoder: idle.remove(at: index))
        }
        guard lent < limit else { return nil }
        let evicted = idle.count + lent < limit ? nil : idle.removeFirst()
        lent += 1
        return PocketsphinxPermit(evicted: evicted)
    }

    /// Serves a borrower, or puts it in line and answers nil.
    mutating func enter(
        _ id: Int, _ configuration: PocketsphinxConfiguration,
        _ continuation: CheckedContinuation<PocketsphinxPermit, any Error>
    ) -> PocketsphinxGrant? {
        if cancelled.remove(id) != nil {
            open.remove(id)
            return PocketsphinxGrant(continuation: continuation, result: .failure(CancellationError()))
        }
        if waiting.isEmpty, let permit = takeNow(for: configuration) {
            open.remove(id)
            return PocketsphinxGrant(continuation: continuation, result: .success(permit))
        }
        waiting.append(Waiter(id: id, configuration: configuration, continuation: continuation))
        return nil
    }

    /// Takes a borrower out of the line; answers nil if it is served already or not there yet.
    mutating func cancel(_ id: Int) -> CheckedContinuation<PocketsphinxPermit, any Error>? {
        guard open.contains(id) else { return nil }
        guard let index = waiting.firstIndex(where: { $0.id == id }) else {
            cancelled.insert(id)
            return nil
        }
        open.remove(id)
        return waiting.remove(at: index).continuation
    }

    /// Takes a decoder, or the room of one, back; answers whom to serve next.
    mutating func giveBack(_ decoder: IdleDecoder?) -> PocketsphinxGrant? {
        lent -= 1
        if let decoder { idle.append(decoder) }
        guard let first = waiting.first, let permit = takeNow(for: first.configuration) else { return nil }
        waiting.removeFirst()
        open.remove(first.id)
        return PocketsphinxGrant(continuation: first.continuation, result: .success(permit))
    }
}
