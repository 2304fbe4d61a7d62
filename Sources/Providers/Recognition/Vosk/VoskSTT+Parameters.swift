// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension VoskSTT {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// Where the server is.
        public var baseURL = "ws://127.0.0.1:2700"
        /// Time from the end of speech to its last words.
        public var finalDeadline = Duration.seconds(2)
        /// Audio kept for a new connection.
        public var replay = Duration.seconds(10)
        /// Time that a connection may take.
        public var connectTimeout = Duration.seconds(3)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .baseURL(\.baseURL),
            .optional(
                "final_deadline", \.finalDeadline, in: .milliseconds(100) ... .seconds(30),
                "Time from the end of speech within which the last words must come."),
            .optional(
                "replay", \.replay, in: .zero ... .seconds(60),
                "Audio that is kept and sent again when the connection breaks, at most."),
            .connectTimeout(\.connectTimeout)
        )

        /// Creates the defaults: a server on this machine.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(baseURL, schemes: ["ws", "wss"])
        }

        var provider: ProviderParameters {
            ProviderParameters(baseURL: baseURL, timeouts: ProviderTimeouts(connect: connectTimeout))
        }

        func request(_ format: AudioFormat) -> ProviderRequest { ProviderRequest(url: provider.url("/")) }
    }
}
