// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Keeps calls: the one interface behind which files, databases and memory lie.
///
/// Every method may block for as long as the store needs, within a limit of its own; so none is called on an event loop.
/// Safe to use from several threads.
public protocol CallStore: Sendable {
    /// Writes entries, all or none.
    ///
    /// An entry of a call whose beginning was not written makes the call known; one that was written before, by the
    /// call's serial and its own sequence, changes nothing.
    func write(_ entries: [CallEntry]) throws(CallStoreError)

    /// Marks as lost what this process has begun and neither ended nor goes on.
    ///
    /// - Parameter live: The serials of the calls that go on.
    /// - Returns: How many calls were marked.
    @discardableResult
    func settle(live: Set<Int>) throws(CallStoreError) -> Int

    /// Marks as lost the active calls of processes that are gone.
    ///
    /// - Returns: How many calls were marked.
    @discardableResult
    func recoverLost() throws(CallStoreError) -> Int

    /// The calls that a filter lets pass, the newest first.
    func calls(_ filter: CallFilter) throws(CallStoreError) -> [RecordedCall]

    /// The same calls with all that was written of them.
    func histories(_ filter: CallFilter) throws(CallStoreError) -> [CallHistory]

    /// The newest call of an id with all that was written of it.
    func history(of id: String) throws(CallStoreError) -> CallHistory?

    /// Erases calls so that nothing of them remains in the store.
    ///
    /// - Parameters:
    ///   - limit: At most so many calls, so that nobody waits for long; repeat until none is left.
    ///   - removeRecording: Removes a file in which a call's sound was recorded; a call whose recording could not be
    ///     removed stays.
    /// - Returns: How many calls were erased.
    func erase(
        _ erasure: Erasure, limit: Int, removeRecording: (String) throws -> Void
    ) throws(CallStoreError) -> Int

    /// Lets go of the store; calls of this process that are still active count as lost from then on.
    func close()
}

/// A store could not do what it was asked.
public struct CallStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What can be done about it.
    public enum Kind: Sendable {
        /// It may work later: the disk is full, somebody holds a lock.
        case unavailable
        /// These entries cannot be written, others can.
        case refused
        /// The store is damaged or no store at all; somebody has to look.
        case damaged
    }

    /// What can be done about it.
    public var kind: Kind
    /// What happened, and the remedy.
    public var message: String

    /// Creates an error.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }
}
