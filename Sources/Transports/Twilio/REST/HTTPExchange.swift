// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import PipelineKit

/// Sends requests to Twilio over HTTPS.
struct HTTPExchange: RESTExchange {
    private static let longestBody = 256 * 1024

    private let base: String
    private let authorization: Secret<String>
    private let timeout: Duration
    private let client: HTTPClient

    /// Creates an exchange.
    ///
    /// - Parameters:
    ///   - base: The address of the API, such as `https://api.twilio.com/2010-04-01`.
    ///   - timeout: How long an answer may take.
    init(base: String, account: String, token: Secret<String>, timeout: Duration, client: HTTPClient = .shared) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        authorization = Secret("Basic " + Base64.encode(Array("\(account):\(token.value)".utf8)))
        self.timeout = timeout
        self.client = client
    }

    func send(_ method: RESTMethod, _ path: String, form: String) async throws(RESTFailure) -> RESTAnswer {
        do {
            return try await exchange(method, path, form: form)
        } catch let failure as RESTFailure {
            throw failure
        } catch {
            throw Self.failure(error)
        }
    }

    private func exchange(_ method: RESTMethod, _ path: String, form: String) async throws -> RESTAnswer {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers.add(name: "authorization", value: authorization.value)
        request.headers.add(name: "accept", value: "application/json")
        if method == .post {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        let response = try await client.execute(request, timeout: TimeAmount(timeout))
        let status = Int(response.status.code)
        // A gateway in front of Twilio may have lost the answer of a server that did its work.
        if status >= 500 { throw RESTFailure.mayBeDone("Twilio answers with status \(status)") }
        let body = try await response.body.collect(upTo: Self.longestBody)
        let json = try? JSONValue(parsing: body.readableBytesView)
        if json == nil, (200..<300).contains(status) { throw RESTFailure.mayBeDone("Twilio's answer is no JSON") }
        let wait = response.headers.first(name: "retry-after").flatMap { Int($0) }
        return RESTAnswer(
            status: status, body: json ?? .null, retryAfter: wait.map { .seconds(min(max($0, 0), 60)) })
    }

    /// What is known of a request that no answer came to.
    private static func failure(_ error: any Error) -> RESTFailure {
        if let error = error as? HTTPClientError, notSent.contains(error) {
            return .notSent("\(error.shortDescription)")
        }
        if error is NIOConnectionError { return .notSent("no connection to Twilio came about") }
        if let error = error as? HTTPClientError { return .mayBeDone(error.shortDescription) }
        return .mayBeDone("the connection broke")
    }

    private static let notSent: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .invalidURL, .emptyHost, .emptyScheme,
    ]
}
