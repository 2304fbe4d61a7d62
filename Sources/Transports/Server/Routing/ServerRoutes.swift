// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOHTTP1
public import WebSockets

/// What a server answers, by method and path.
///
/// A path is a text such as `/calls/{id}`: a part in braces stands for any one part. Where several fit, the one with the
/// fewest braces is taken.
public struct ServerRoutes: Sendable {
    /// Who may use a route.
    public enum Access: Sendable {
        /// Anybody.
        case open
        /// Who has one of the API keys; see ``PipelineServer/apiKeys``.
        case apiKey
        /// The route finds out by itself, as by a signature.
        case custom
    }

    /// Answers a request.
    ///
    /// What it throws is answered with 500, but for ``ServerError``, and logged: an error bears nothing that was said, and
    /// no secret.
    public typealias Handler = @Sendable (ServerRequest) async throws -> ServerResponse
    /// Decides about a WebSocket.
    public typealias Acceptor = @Sendable (ServerRequest) async -> WebSocketDecision

    enum Action: Sendable {
        case http(access: Access, Handler)
        case webSocket(access: Access, limits: WebSocketLimits, Acceptor)
    }

    private struct Route: Sendable {
        let method: HTTPMethod
        let path: String
        let pattern: PathPattern
        let action: Action
    }

    private var routes: [Route] = []

    /// Creates an empty table.
    public init() {}

    /// Answers GET, and HEAD.
    public mutating func get(_ path: String, access: Access, _ handler: @escaping Handler) {
        add(.GET, path, .http(access: access, handler))
    }

    /// Answers POST.
    public mutating func post(_ path: String, access: Access, _ handler: @escaping Handler) {
        add(.POST, path, .http(access: access, handler))
    }

    /// Answers a method.
    public mutating func on(_ method: HTTPMethod, _ path: String, access: Access, _ handler: @escaping Handler) {
        add(method, path, .http(access: access, handler))
    }

    /// Opens WebSockets; unless told otherwise the acceptor finds out by itself who may have one.
    public mutating func webSocket(
        _ path: String, access: Access = .custom, limits: WebSocketLimits = WebSocketLimits(),
        _ accept: @escaping Acceptor
    ) {
        add(.GET, path, .webSocket(access: access, limits: limits, accept))
    }

    /// A path that two transports want for themselves, such as `POST /voice`.
    private(set) var conflicts: [String] = []

    private mutating func add(_ method: HTTPMethod, _ path: String, _ action: Action) {
        let pattern = PathPattern(path)
        // A page and a WebSocket may share a path: the client says what it wants.
        let isTaken = routes.contains {
            $0.method == method && $0.pattern == pattern && $0.action.isWebSocket == action.isWebSocket
        }
        if isTaken { conflicts.append("\(method.rawValue) \(path)") }
        routes.append(Route(method: method, path: path, pattern: pattern, action: action))
    }

    /// The route for a request.
    ///
    /// - Throws: ``ServerError`` 404, 405 or 426.
    func find(
        _ method: HTTPMethod, _ path: String, wantsWebSocket: Bool
    ) throws(ServerError) -> (action: Action, path: String, parameters: [String: String]) {
        let found = routes.compactMap { route in route.pattern.match(path).map { (route, $0) } }
        guard !found.isEmpty else { throw ServerError(.notFound, "there is nothing at this path") }
        let method = method == .HEAD ? .GET : method
        let fitting = found.filter { $0.0.method == method && $0.0.action.isWebSocket == wantsWebSocket }
        if let best = fitting.min(by: { $0.1.count < $1.1.count }) {
            return (best.0.action, best.0.path, best.1)
        }
        let others = found.filter { !$0.0.action.isWebSocket }.map(\.0.method.rawValue)
        if others.isEmpty {
            throw ServerError(.upgradeRequired, "this path opens a WebSocket", headers: ["upgrade": "websocket"])
        }
        if others.contains(method.rawValue) { throw ServerError(.badRequest, "this path opens no WebSocket") }
        let allowed = Set(others).sorted().joined(separator: ", ")
        throw ServerError(.methodNotAllowed, "this path takes \(allowed)", headers: ["allow": allowed])
    }
}

extension ServerRoutes.Action {
    fileprivate var isWebSocket: Bool {
        if case .webSocket = self { true } else { false }
    }
}
