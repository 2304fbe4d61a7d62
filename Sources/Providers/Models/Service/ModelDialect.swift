// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

/// How one family of model services is spoken to: the pure part of an adapter, without clock and network.
package protocol ModelDialect: Sendable {
    /// What a pipeline file may set.
    associatedtype Parameters: ModelParameters
    /// Reads what comes back.
    associatedtype Decoder: ModelDecoder

    /// The adapter's name in pipeline files.
    static var name: String { get }
    /// What the adapter does, in one sentence.
    static var summary: String { get }
    /// The provider's name in messages.
    static var provider: String { get }

    /// The request that a conversation is answered to.
    static func request(_ conversation: ModelConversation, _ parameters: Parameters) -> ProviderRequest
    /// A reader of the answer.
    ///
    /// - Parameter callPrefix: Begins the ids of calls that the service does not name.
    static func decoder(_ parameters: Parameters, callPrefix: String) -> Decoder
    /// What opens a connection, and loads the model where that takes long, before the first turn.
    static func warmUp(_ parameters: Parameters) -> ProviderRequest
    /// Adds what to do to an error of this service.
    static func explained(_ error: ProviderError, _ parameters: Parameters) -> ProviderError
}

extension ModelDialect {
    package static func explained(_ error: ProviderError, _ parameters: Parameters) -> ProviderError { error }
}

/// Parameters of an adapter for models.
package protocol ModelParameters: ProcessorParameters {
    /// Where the service is, who asks, and how long it may take.
    var provider: ProviderParameters { get }
    /// What every model is told.
    var model: ModelSettings { get }
}

/// Reads the answer of a model, however it arrives.
package protocol ModelDecoder: Sendable {
    /// Takes the next bytes.
    ///
    /// - Throws: ``ProviderError`` for what cannot be understood, and for an error that the service sends.
    mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> [ModelEvent]
    /// Whether the model has finished: only then is what it wants called known for certain.
    var isComplete: Bool { get }
    /// Whether nothing more is to come, not even what the answer cost.
    var isDone: Bool { get }
    /// What is known at the end of an answer that is complete.
    mutating func finish() throws(ProviderError) -> [ModelEvent]
}

extension ModelDecoder {
    package var isComplete: Bool { isDone }
}

/// What a model says.
package enum ModelEvent: Equatable, Sendable {
    /// Words to speak.
    case text(String)
    /// It is at work on what nobody hears: thoughts, or what it wants called.
    case progress
    /// It wants something called; comes from ``ModelDecoder/finish()`` alone, for an incomplete call must not run.
    case call(ToolCall)
    /// What it cost; the last one counts.
    case usage(ModelUsage)
}

/// What an answer cost; `nil` is unknown.
package struct ModelUsage: Equatable, Sendable {
    /// Tokens that were read.
    package var tokensIn: Int?
    /// Of these, tokens that the service had read before.
    package var tokensCached: Int?
    /// Tokens that were written.
    package var tokensOut: Int?

    /// Creates figures.
    package init(tokensIn: Int? = nil, tokensCached: Int? = nil, tokensOut: Int? = nil) {
        self.tokensIn = tokensIn
        self.tokensCached = tokensCached
        self.tokensOut = tokensOut
    }
}
