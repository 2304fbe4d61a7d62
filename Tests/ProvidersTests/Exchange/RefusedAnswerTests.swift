// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers
import Testing

@Suite struct RefusedAnswerTests {
    private static func refused(
        _ status: Int, _ body: String = "", _ headers: [(name: String, value: String)] = [],
        secrets: [Secret<String>] = []
    ) -> ProviderError {
        ProviderError.refused(status, headers: headers, body: ByteBuffer(string: body), secrets: secrets)
    }

    @Test(arguments: [
        (400, ProviderError.Kind.permanent), (401, .permanent), (402, .permanent), (403, .permanent),
        (404, .permanent), (413, .permanent), (422, .permanent), (302, .permanent),
        (429, .capacity), (498, .capacity), (503, .capacity), (529, .capacity),
        (408, .transient), (409, .transient), (500, .transient), (502, .transient), (504, .transient),
    ])
    func knowsWhatAStatusMeans(status: Int, kind: ProviderError.Kind) {
        #expect(Self.refused(status).kind == kind)
    }

    @Test(arguments: [
        #"{"error":{"message":"no","type":"t","param":null,"code":"c"}}"#: "answered 400 (c): no",
        #"{"error":{"message":"no","type":"t","param":null,"code":null}}"#: "answered 400 (t): no",
        #"{"error":{"code":400,"message":"no","type":"server_error"}}"#: "answered 400 (server_error): no",
        #"{"object":"error","message":"no","type":"BadRequest","code":400}"#: "answered 400 (BadRequest): no",
        #"{"error":"no such model"}"#: "answered 400: no such model",
        #"{"detail":"nope"}"#: "answered 400: nope",
        #"{"detail":[{"loc":["body"],"msg":"field required"}]}"#: "answered 400: field required",
        #"{"detail":{"status":"quota","message":"none left"}}"#: "answered 400 (quota): none left",
        #"{"err_code":"BAD","err_msg":"wrong","request_id":"1"}"#: "answered 400 (BAD): wrong",
        #"{"type":"error","error":{"type":"not_found_error","message":"no"}}"#: "answered 400 (not_found_error): no",
        "<html><h1>Bad</h1></html>": "answered 400",
        "plain\u{7} words\n": "answered 400: plain words",
        "": "answered 400",
    ])
    func readsErrorsOfAllShapes(body: String, message: String) {
        #expect(Self.refused(400, body).message == message)
    }

    @Test func takesAQuotaForPermanentWhateverTheStatus() {
        let error = Self.refused(429, #"{"error":{"message":"You exceeded","code":"insufficient_quota"}}"#)
        #expect(error.kind == .permanent)
        #expect(error.message.hasSuffix("; the account has no credit left: add some, or use another"))
    }

    @Test func readsHowLongToWait() {
        #expect(Self.refused(429, "", [("retry-after", "2")]).retryAfter == .seconds(2))
        #expect(
            Self.refused(429, "", [("retry-after", "9"), ("retry-after-ms", "250")]).retryAfter == .milliseconds(250))
        for nonsense in ["-1", "soon", "nan", "inf", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            #expect(Self.refused(429, "", [("retry-after", nonsense)]).retryAfter == nil)
        }
        #expect(Self.refused(429, "", [("retry-after", "1e300")]).retryAfter == .seconds(7 * 24 * 3600))
    }

    @Test func obeysTheProvidersWordOnRetries() {
        #expect(Self.refused(500, "", [("x-should-retry", "false")]).kind == .permanent)
        #expect(Self.refused(400, "", [("x-should-retry", "true")]).kind == .transient)
    }

    @Test func keepsTheNameOfTheRequest() {
        #expect(Self.refused(500, "", [("x-request-id", "req_1\u{1B}[31m")]).requestID == "req_1[31m")
    }

    @Test func showsNoSecret() {
        let body = #"{"error":{"message":"Incorrect key abcdefgh12 (sk-proj-1234567890) in 'Bearer xyz'"}}"#
        let message = Self.refused(401, body, secrets: [Secret("abcdefgh12")]).message
        #expect(message == "answered 401: Incorrect key *** *** in 'Bearer ***; check api_key")
    }

    @Test func boundsItsMessage() {
        #expect(Self.refused(400, String(repeating: "a b", count: 10_000)).message.count <= 420)
    }

    @Test(arguments: [
        (#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, ProviderError.Kind.capacity),
        (#"{"error":{"message":"x","type":"invalid_request_error"}}"#, .permanent),
        (#"{"error":{"message":"x","code":500}}"#, .transient),
        (#"{"error":"x"}"#, .transient),
    ])
    func knowsWhatAnErrorInsideAnAnswerMeans(body: String, kind: ProviderError.Kind) {
        #expect(ProviderError.inStream(ByteBuffer(string: body)).kind == kind)
    }

    @Test(
        arguments: [
            (nil, ProviderError.Kind.transient), (1006, .transient), (1011, .transient), (1012, .transient),
            (1013, .capacity), (1008, .permanent), (4401, .permanent), (1002, .malformed), (1009, .malformed),
        ] as [(UInt16?, ProviderError.Kind)])
    func knowsWhatACloseCodeMeans(code: UInt16?, kind: ProviderError.Kind) {
        #expect(ProviderError.closed(code, reason: "bye").kind == kind)
    }
}
