// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import NIOCore
import PipelineKit
import Providers

/// One connection in memory: what the double sends waits here until its time has come and the adapter takes it.
///
/// Confined to its session's loop.
final class DoubleLine {
    /// What the adapter finds at the end of the line.
    enum Arrival {
        case content(DoubleStep)
        case closed(code: UInt16, reason: String)
    }

    let fault: DoubleFault
    private let loop: SessionLoop
    private let journal: DoubleJournal
    private let key: DoubleJournal.Key
    private let name: String
    private var faulty: FaultyLine
    private var arriving = Deque<(due: MediaTime, step: DoubleStep)>()
    /// When the last thing that is on its way is due.
    private var lastDue = MediaTime.zero
    private var sleeper: Sleeper?
    private(set) var isOver = false

    init(
        _ loop: SessionLoop, _ journal: DoubleJournal, _ key: DoubleJournal.Key, fault: DoubleFault, name: String,
        keepsMessages: Bool
    ) {
        self.loop = loop
        self.journal = journal
        self.key = key
        self.fault = fault
        self.name = name
        faulty = FaultyLine(fault, keepsMessages: keepsMessages)
    }

    deinit { journal.end(key, .forgotten) }

    // MARK: The double's side

    func append(_ steps: [DoubleStep]) {
        guard !isOver else { return }
        lastDue = max(lastDue, loop.virtualTime)
        for step in faulty.bend(steps) {
            switch step {
            case .wait(let duration): lastDue = lastDue + duration
            case .clear:
                arriving.removeAll()
                lastDue = loop.virtualTime
            default: arriving.append((lastDue, step))
            }
        }
        sleeper?.wakeFromAnywhere()
    }

    func answered(_ status: Int) { journal.note(key) { $0.status = status } }

    func noteReceived(_ message: ProviderMessage) { journal.note(key) { $0.received.append(message) } }

    func end(_ end: DoubleJournal.End) {
        guard !isOver else { return }
        isOver = true
        arriving.removeAll()
        journal.end(key, end)
        sleeper?.wakeFromAnywhere()
    }

    // MARK: The adapter's side

    /// Lets time pass on the way.
    nonisolated(nonsending) func pass(_ delay: Duration) async throws {
        let end = loop.virtualTime + delay
        while loop.virtualTime < end, !Task.isCancelled { await pause(until: end) }
        try checkAlive()
    }

    /// Waits until the task is cancelled.
    nonisolated(nonsending) func hang() async throws -> Never {
        while !Task.isCancelled { await pause(until: nil) }
        end(.givenUp)
        throw CancellationError()
    }

    /// What arrives next; the content that is due.
    ///
    /// - Parameter staysOpen: Whether a wait that is cancelled leaves the connection as it is.
    nonisolated(nonsending) func next(staysOpen: Bool = false) async throws -> Arrival {
        while true {
            if staysOpen { try Task.checkCancellation() }
            try checkAlive()
            guard let head = arriving.first, head.due <= loop.virtualTime, head.step != .hang else {
                let isStuck = arriving.first?.step == .hang
                await pause(until: isStuck ? nil : arriving.first?.due)
                continue
            }
            arriving.removeFirst()
            switch head.step {
            case .close(let code, let reason):
                end(code == 1000 ? .complete : .broken(code: code))
                return .closed(code: code, reason: reason)
            case .reset:
                end(.broken(code: nil))
                throw ProviderError(.transient, "\(name) closed the connection in the middle")
            case .bytes(let bytes): return taken(head.step, bytes.readableBytes)
            case .text(let text): return taken(head.step, text.utf8.count)
            case .wait, .clear, .hang: continue
            }
        }
    }

    private func taken(_ step: DoubleStep, _ count: Int) -> Arrival {
        journal.note(key) { $0.sent += count }
        return .content(step)
    }

    private func checkAlive() throws {
        if Task.isCancelled {
            end(.givenUp)
            throw CancellationError()
        }
        if isOver { throw ProviderError(.transient, "the connection to \(name) is closed") }
    }

    private nonisolated(nonsending) func pause(until deadline: MediaTime?) async {
        let sleeper = Sleeper(loop)
        self.sleeper = sleeper
        await withTaskCancellationHandler {
            await sleeper.sleep(until: deadline)
        } onCancel: {
            sleeper.wakeFromAnywhere()
        }
        self.sleeper = nil
    }
}
