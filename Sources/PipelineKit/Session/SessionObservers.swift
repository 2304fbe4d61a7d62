// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Hands what sessions tell to several observers, in order.
public struct SessionObservers: SessionObserver {
    private let observers: [any SessionObserver]

    /// Takes the observers.
    public init(_ observers: [any SessionObserver]) { self.observers = observers }

    public func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        for observer in observers { observer.session(call, at: time, event) }
    }
}
