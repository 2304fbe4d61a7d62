// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import PipelineKit

/// A processor that breaks its contract at a chosen frame, and passes every other frame on.
public struct FlakyProcessor: Processor {
    public static let name = "flaky"
    public static let summary = "Breaks its contract on purpose."

    /// What it does wrong.
    public enum Fault: Sendable {
        /// Throws ``FlakyError``.
        case throwsError
        /// Throws ``FlakyError`` at this frame and every later one.
        case keepsThrowing
        /// Emits so many frames at once.
        case floods(Int)
        /// Sends so many frames upstream at once.
        case floodsUpstream(Int)
        /// Holds its thread, in real time.
        case blocks(Duration)
        /// Asks for a wake-up that is due already, for ever.
        case wakesForever
    }

    private let fault: Fault
    private let position: Int
    private var count = 0

    /// Creates a processor that throws at its first frame.
    public init(_ parameters: NoParameters) { self.init(.throwsError) }

    /// Creates a processor.
    ///
    /// - Parameter position: Number of the frame at which the fault shows, from 1. Frames of the caller and of the
    ///   agent count alike.
    public init(_ fault: Fault, atFrame position: Int = 1) {
        self.fault = fault
        self.position = position
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) throws {
        count += 1
        if count == position { try fail(&context) }
        if count > position, case .keepsThrowing = fault { throw FlakyError(frame: count) }
        context.emit(frame)
    }

    private func fail(_ context: inout ProcessorContext) throws {
        switch fault {
        case .throwsError, .keepsThrowing: throw FlakyError(frame: count)
        case .floods(let frames): for _ in 0..<frames { context.emit(ModelText("flood")) }
        case .floodsUpstream(let frames): for _ in 0..<frames { context.emitUpstream(Frame(ModelText("flood"))) }
        case .blocks(let duration): blockThread(for: duration)
        case .wakesForever: context.wake(at: context.now)
        }
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        if case .wakesForever = fault { context.wake(at: context.now) }
    }
}

/// What a flaky double throws.
public struct FlakyError: Error, Equatable {
    /// Number of the frame at which it was thrown, from 1; 0 outside frames.
    public var frame: Int

    /// Creates an error.
    public init(frame: Int) { self.frame = frame }
}

/// Holds the calling thread: what a processor must never do.
func blockThread(for duration: Duration) {
    var time = timespec()
    time.tv_sec = Int(duration.nanoseconds / 1_000_000_000)
    time.tv_nsec = Int(duration.nanoseconds % 1_000_000_000)
    nanosleep(&time, nil)
}
