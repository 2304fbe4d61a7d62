// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore
import NIOPosix
import Synchronization

/// The loops of a process, one per core, and the worker pool that they share.
public final class LoopGroup: Sendable {
    private let group: MultiThreadedEventLoopGroup
    /// The loops.
    public let loops: [SessionLoop]
    /// Where CPU-heavy work of all sessions goes.
    public let workers: WorkerPool
    private let watchdog: LoopWatchdog

    /// Starts loops and workers.
    ///
    /// - Parameters:
    ///   - count: Loops; 0 for one per core.
    ///   - stallLimit: How long a processor may hold a loop before it is reported.
    ///   - onStall: Is told of each report, on the watchdog's thread, while the processor still holds the loop.
    public init(
        count: Int = 0, stallLimit: Duration = .milliseconds(100), onStall: (@Sendable (LoopStall) -> Void)? = nil
    ) {
        let count = count > 0 ? count : System.coreCount
        group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let workers = WorkerPool(threads: System.coreCount)
        self.workers = workers
        loops = (0..<count).map { [group] _ in SessionLoop(group.next(), workers: workers) }
        watchdog = LoopWatchdog(loops.map(\.watch), limit: stallLimit, onStall: onStall)
    }

    /// The event loops, for servers and clients.
    public var eventLoopGroup: any EventLoopGroup { group }

    /// The session loop on an event loop; `nil` for one of another group.
    public func loop(of eventLoop: any EventLoop) -> SessionLoop? { loops.first { $0.eventLoop === eventLoop } }

    /// The loop with the fewest sessions.
    public func leastLoaded() -> SessionLoop {
        let loads = loops.map { ($0, $0.sessionCount.load(ordering: .relaxed)) }
        return loads.min { $0.1 < $1.1 }?.0 ?? loops[0]
    }

    /// Ends loops and workers.
    ///
    /// All sessions must have ended.
    ///
    /// - Parameter limit: Workers that are held up after so long, as by a disk that hangs, are left to the end of the
    ///   process.
    public func shutDown(within limit: Duration = .seconds(30)) async throws {
        watchdog.stop()
        await workers.shutDown(within: limit)
        try await group.shutdownGracefully()
    }
}
