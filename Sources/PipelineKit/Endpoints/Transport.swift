// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// Brings calls: a file, a browser, a telephone network.
///
/// A transport decides nothing about the pipeline. For each call it asks its host for a session, feeds the caller's
/// frames into it on the session's loop, and plays what the session writes to the call's ``CallOutput``.
public protocol Transport: Sendable, SendableMetatype {
    /// The parameters that the pipeline file may set; declared once.
    associatedtype Parameters: ProcessorParameters = NoParameters

    /// The name under `transports:` in pipeline files; snake_case.
    static var name: String { get }
    /// What the transport does, in one sentence.
    static var summary: String { get }

    /// Creates the transport of a running process.
    init(_ parameters: Parameters) throws

    /// The formats of most of its calls; pipelines are checked against them before anything runs.
    var nominalFormats: CallFormats { get }

    /// Brings calls until there are no more, or until the task is cancelled: then it takes no new ones and returns when
    /// the sessions that it started have ended.
    func run(_ host: any CallHost) async throws
}

/// The audio formats of a call.
public struct CallFormats: Sendable, Hashable {
    /// Of the caller's audio; `nil` when the transport brings text.
    public var input: AudioFormat?
    /// Of the agent's audio; `nil` when the transport takes text.
    public var output: AudioFormat?

    /// Creates formats.
    public init(input: AudioFormat?, output: AudioFormat?) {
        self.input = input
        self.output = output
    }
}

/// Gives transports their sessions: knows the pipeline, the loops and how many calls are allowed.
public protocol CallHost: Sendable {
    /// Makes and starts a session for a call. Admission is a counter that is taken before anything else happens.
    ///
    /// - Throws: ``CallRefused`` when no more sessions are allowed or the process is draining; what a processor's
    ///   `init` throws.
    func accept(_ call: Call) async throws -> Session

    /// The words in a recording, as the pipeline's own recogniser understands them.
    ///
    /// - Parameter recording: Reads the recording; called on the worker pool.
    /// - Throws: ``CallRefused`` when nothing recognises here; what `recording` and the recogniser throw.
    func words(in recording: @escaping @Sendable () throws -> Audio) async throws -> String

    /// Makes and starts a session on the loop of the call's socket, so that no frame has to change threads.
    ///
    /// - Throws: As ``accept(_:)``.
    func accept(_ call: Call, on eventLoop: any EventLoop) async throws -> Session
}

extension CallHost {
    public func accept(_ call: Call, on eventLoop: any EventLoop) async throws -> Session { try await accept(call) }
}

extension CallHost {
    public func words(in recording: @escaping @Sendable () throws -> Audio) async throws -> String {
        throw CallRefused("this host recognises nothing")
    }
}

/// A call was not taken.
public struct CallRefused: Error, Equatable {
    /// Why, for the far end's log.
    public var reason: String

    /// Creates a refusal.
    public init(_ reason: String) { self.reason = reason }
}
