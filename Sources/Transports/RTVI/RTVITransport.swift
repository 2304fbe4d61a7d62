// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
public import PipelineKit
import WebSockets

/// Takes the calls of RTVI clients: the Pipecat SDKs, and what tests them.
///
/// - SeeAlso: RTVI 2.2.0.
public struct RTVITransport: ServedTransport {
    public static let name = "rtvi"
    public static let summary = "Takes the calls of RTVI clients, such as the Pipecat SDKs, over a WebSocket."

    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The port to listen on.
        public var port = 8080
        /// Where the WebSocket is.
        public var path = "/rtvi"
        /// Pages of other sites that may call.
        public var origins: [String] = []
        /// Whether clients are told which functions the model calls.
        public var functionDetails = false

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("port", \.port, in: 0...65535, "Port to listen on; 0 takes any that is free."),
            .optional("path", \.path, "Path of the WebSocket; POST to it with /connect behind it tells its address."),
            .optional("origins", \.origins, "Pages of other sites that may call, such as https://example.com."),
            .optional(
                "function_details", \.functionDetails,
                "Whether clients are told what functions the model calls and what came of it, not only that it does."
            )
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) { SitePath.check(path, into: &issues) }
    }

    private let parameters: Parameters

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public var port: Int { parameters.port }

    public var nominalFormats: CallFormats { CallFormats(input: RTVICall.input, output: RTVICall.output) }

    public func mount(_ routes: inout ServerRoutes, _ host: any CallHost) {
        let path = SitePath.base(parameters.path)
        let (origins, tellsFunctions) = (parameters.origins, parameters.functionDetails)
        var limits = WebSocketLimits(maxMessageBytes: 1 << 20)
        limits.maxBufferedBytes = 1 << 20
        routes.webSocket(path, limits: limits) { request in
            guard OriginCheck.allows(request, origins) else { return .refuse(.forbidden, OriginCheck.refusal) }
            let attributes = ["from": "\(request.clientAddress)", "direction": "inbound"]
            return .accept { RTVICall(host, on: $0, attributes: attributes, tellsFunctions: tellsFunctions) }
        }
        // The web client takes this member and no other.
        routes.post("\(path)/connect", access: .open) { request in
            let base = request.publicBase.description
            return .json(["wsUrl": .string("ws\(base.dropFirst("http".count))\(path)")])
        }
    }
}
