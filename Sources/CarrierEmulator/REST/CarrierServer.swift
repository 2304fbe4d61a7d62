// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import NIOCore
import PipelineKit
import Synchronization
import Transports

/// Serves the carrier's interface on the loopback.
struct CarrierServer: Sendable {
    private static let bodyLimit = 256 * 1024

    /// Knows its connection, so that a fault can cut it.
    struct Context: RequestContext {
        var coreContext: CoreRequestContextStorage
        let channel: any Channel

        init(source: ApplicationRequestContextSource) {
            coreContext = .init(source: source)
            channel = source.channel
        }
    }

    let carrier: CarrierState
    let port: Int

    /// Serves until the task is cancelled.
    ///
    /// - Parameter onPort: Is told the port once the server listens.
    func run(on group: any EventLoopGroup, onPort: @escaping @Sendable (Int) -> Void) async throws {
        let router = Router(context: Context.self)
        for method in [HTTPRequest.Method.get, .post, .put, .delete] {
            router.on("**", method: method) { request, context in await respond(request, context) }
        }
        var logger = Logger(label: "carrier")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "carrier"),
            onServerRunning: { channel in onPort(channel.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(group), logger: logger)
        try await application.run()
    }

    private func respond(_ request: Request, _ context: Context) async -> Response {
        let path = request.uri.path
        guard let fields = await fields(of: request) else {
            return response(.error(413, 20001, "The request is too large"))
        }
        let fault = carrier.takeFault()
        let answer = await answer(request, path, fields, fault)
        carrier.add(
            CarrierRequest(method: request.method.rawValue, path: path, fields: fields, status: answer?.status))
        guard let answer else {
            try? await context.channel.close()
            return Response(status: .internalServerError)
        }
        return response(answer)
    }

    /// The answer; `nil` when the connection is to be cut instead.
    private func answer(
        _ request: Request, _ path: String, _ fields: [FormField], _ fault: CarrierFault?
    ) async -> RESTAnswer? {
        switch fault {
        case .refused(let status, let code): return .error(status, code, "Refused, as the fault script says")
        case .cutBeforeActing: return nil
        case .redirected(let url):
            var answer = RESTAnswer(empty: 307)
            answer.location = url
            return answer
        case .delayed(let delay): try? await Task.sleep(for: delay)
        case .cutAfterActing, .failedAfterActing, nil: break
        }
        guard isAuthorised(request) else { return .error(401, 20003, "Authenticate") }
        let answer = await CarrierAPI(carrier: carrier).answer(
            request.method.rawValue, path.split(separator: "/", maxSplits: 20), fields)
        switch fault {
        case .cutAfterActing: return nil
        case .failedAfterActing(let status): return .error(status, 20500, "Failed, as the fault script says")
        default: return answer
        }
    }

    private func isAuthorised(_ request: Request) -> Bool {
        let isRecording = request.method == .get && request.uri.path.contains("/Recordings/")
        if isRecording, !carrier.environment.protectsRecordings { return true }
        let account = carrier.environment.account
        let wanted = "Basic " + Base64.encode(Array("\(account.sid):\(account.authToken.value)".utf8))
        return request.headers[.authorization] == wanted
    }

    private func fields(of request: Request) async -> [FormField]? {
        guard request.method != .get else { return [FormField](urlEncoded: request.uri.query ?? "") }
        guard let body = try? await request.body.collect(upTo: Self.bodyLimit) else { return nil }
        return [FormField](urlEncoded: String(buffer: body))
    }

    private func response(_ answer: RESTAnswer) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        if let location = answer.location { headers[.location] = location }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
