// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension SessionCore: TimerTarget {
    /// Timers of the session itself, apart from the processors' wake-ups.
    enum LimitTimer: Int {
        case drain = -1
        case cancel = -2
        case idle = -3
        case duration = -4
    }

    func timerFired(_ token: Int) {
        if token < 0 {
            guard let limit = LimitTimer(rawValue: token) else { return }
            return pass { limitReached(limit) }
        }
        let (index, id) = (token >> 8, token & 0xFF)
        (slots + index).pointee.node._withUnsafeGuaranteedRef { _ = $0.forgetWake(id) }
        pass {
            waking = index
            attempt(slots + index) { slot in
                try slot.pointee.node._withUnsafeGuaranteedRef { try $0.wake(id, slot) }
            }
            waking = nil
        }
    }

    func setTimer(after duration: Duration, _ limit: LimitTimer) -> TimerID {
        loop.schedule(at: loop.now + duration, target: self, token: limit.rawValue)
    }

    func setWake(at time: MediaTime, id: Int, _ slot: SlotPointer) {
        precondition((0...255).contains(id), "a wake-up's id is in 0...255")
        guard lifecycle.worksOn else { return }
        cancelWake(id: id, slot)
        let index = slot.pointee.index
        // A processor that wakes itself without end is not to stop the clock.
        let time = waking == index && time <= now ? now + .milliseconds(1) : time
        let timer = loop.schedule(at: loopTime(time), target: self, token: index << 8 | id)
        slot.pointee.node._withUnsafeGuaranteedRef { $0.wakes.append((id, timer)) }
    }

    func cancelWake(id: Int, _ slot: SlotPointer) {
        slot.pointee.node._withUnsafeGuaranteedRef { node in
            if let timer = node.forgetWake(id) { loop.cancel(timer) }
        }
    }

    func cancelWakes(of node: Node) {
        for wake in node.wakes { loop.cancel(wake.timer) }
        node.wakes = []
    }

    func cancelAllTimers() {
        for node in nodes { cancelWakes(of: node) }
        for beat in beats { beat.stop() }
        beats = []
        for timer in [limitTimer, idleTimer, durationTimer] { if let timer { loop.cancel(timer) } }
    }
}
