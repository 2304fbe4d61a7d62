// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
public import PipelineKit
import WebSockets

/// Serves a page on which a person talks to the agent, and takes the page's calls.
public struct BrowserTransport: ServedTransport {
    public static let name = "browser"
    public static let summary = "Serves a web page with a microphone, and takes its calls."

    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The port to listen on.
        public var port = 8080
        /// Where the page is.
        public var path = "/"
        /// What the page is called.
        public var title = "Talk to the agent"
        /// Pages of other sites that may call.
        public var origins: [String] = []

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("port", \.port, in: 0...65535, "Port to listen on; 0 takes any that is free."),
            .optional("path", \.path, "Path of the page; its WebSocket is at ws/browser below it."),
            .optional("title", \.title, "Heading of the page."),
            .optional("origins", \.origins, "Pages of other sites that may call, such as https://example.com.")
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) { SitePath.check(path, into: &issues) }
    }

    private let parameters: Parameters

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public var port: Int { parameters.port }

    public var nominalFormats: CallFormats { CallFormats(input: .wideband, output: AudioFormat(rateHz: 24000)) }

    public func mount(_ routes: inout ServerRoutes, _ host: any CallHost) {
        let base = SitePath.base(parameters.path)
        for file in BrowserPage.files {
            let response = file.response
            routes.get("\(base)/\(file.name)", access: .open) { _ in response }
        }
        if !base.isEmpty {
            // What the page loads is named from the page's path on.
            routes.get(base, access: .open) { _ in
                ServerResponse(.permanentRedirect, headers: ["location": "\(base)/"])
            }
        }
        let (title, origins) = (parameters.title, parameters.origins)
        var limits = WebSocketLimits(maxMessageBytes: 64 * 1024)
        // Six seconds of the fastest audio: the call gives up before the socket does.
        limits.maxBufferedBytes = 600_000
        routes.webSocket("\(base)/ws/browser", limits: limits) { request in
            guard OriginCheck.allows(request, origins) else { return .refuse(.forbidden, OriginCheck.refusal) }
            let offered = request.headers[canonicalForm: "sec-websocket-protocol"]
            let subprotocol = offered.contains { $0 == Self.subprotocol } ? Self.subprotocol : nil
            let attributes = ["from": "\(request.clientAddress)", "direction": "inbound"]
            return .accept(subprotocol: subprotocol) { loop in
                BrowserCall(host, on: loop, title: title, attributes: attributes)
            }
        }
    }

    private static let subprotocol = "agent.v1"
}

extension BrowserPage.File {
    /// The file as it is served.
    fileprivate var response: ServerResponse {
        var headers = HTTPHeaders(BrowserPage.headers)
        headers.add(name: "content-type", value: contentType)
        return ServerResponse(headers: headers, body: ByteBuffer(bytes: bytes))
    }
}
