// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import NIOHTTP1
public import PipelineKit

/// What a route answers.
public struct ServerResponse: Sendable, Equatable {
    /// The status.
    public var status: HTTPResponseStatus
    /// The headers; length and connection are added.
    public var headers: HTTPHeaders
    /// The body.
    public var body: ByteBuffer

    /// Creates an answer.
    public init(_ status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer that is text of a certain type.
    public static func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponseStatus = .ok
    ) -> Self {
        Self(status, headers: ["content-type": type], body: ByteBuffer(string: text))
    }

    /// An answer that is JSON.
    public static func json(_ value: JSONValue, status: HTTPResponseStatus = .ok) -> Self {
        text("\(value)\n", type: "application/json", status: status)
    }
}

/// A request that cannot be answered as its client hopes; the client is told as JSON.
public struct ServerError: Error, Equatable, CustomStringConvertible {
    /// The status.
    public var status: HTTPResponseStatus
    /// What is wrong and what to do, for the client; bears no secret.
    public var message: String
    /// Headers that belong to the status.
    public var headers: HTTPHeaders

    /// Creates an error.
    public init(_ status: HTTPResponseStatus, _ message: String, headers: HTTPHeaders = [:]) {
        self.status = status
        self.message = message
        self.headers = headers
    }

    public var description: String { "\(status.code) \(message)" }

    /// The answer.
    var response: ServerResponse {
        var response = ServerResponse.json(["error": .string(message)], status: status)
        response.headers.add(contentsOf: headers)
        return response
    }
}
