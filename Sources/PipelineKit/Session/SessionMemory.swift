// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a session leaves behind, so that the caller's next one goes on where it stopped.
///
/// Values only: nothing of it is tied to the session that it came from, or to its loop.
public struct SessionMemory: Sendable {
    private var values: [ObjectIdentifier: any Sendable] = [:]

    /// Creates a memory of nothing.
    public init() {}

    /// Whether there is nothing to go on from.
    public var isEmpty: Bool { values.isEmpty }

    /// Keeps what an object remembers.
    mutating func keep<Object: Remembering>(_ object: Object) {
        values[ObjectIdentifier(Object.self)] = object.memory
    }

    /// Gives an object of the next session what one of its type has left.
    func restore<Object: Remembering>(_ object: Object) {
        guard let memory = values[ObjectIdentifier(Object.self)] as? Object.Memory else { return }
        object.recall(memory)
    }
}

/// An object that the processors of a session share and whose content outlasts the session.
public protocol Remembering: AnyObject {
    /// What it leaves.
    associatedtype Memory: Sendable
    /// What the caller's next session has to know.
    var memory: Memory { get }
    /// Takes up what an earlier session left; called once, before anybody else has the object.
    func recall(_ memory: Memory)
}
