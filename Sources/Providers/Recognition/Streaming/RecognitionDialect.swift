// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// What a streaming recogniser's WebSocket speaks: encodes what is sent, decodes what comes; without I/O and clock.
///
/// One value lasts for one connection.
protocol RecognitionDialect: Sendable {
    /// What is sent first.
    mutating func opening() -> [ProviderMessage]
    /// The messages of some audio, which is not empty.
    mutating func encode(_ audio: Audio) -> [ProviderMessage]
    /// Asks for the final words of the audio so far, at once.
    mutating func finalize() -> [ProviderMessage]
    /// Keeps the connection while no audio flows; empty where nothing is needed.
    mutating func keepAlive() -> [ProviderMessage]
    /// Announces that nothing more comes; the provider answers and closes.
    mutating func closing() -> [ProviderMessage]
    /// Decodes a message.
    ///
    /// - Throws: ``ProviderError`` when the message cannot be understood or reports a failure.
    mutating func take(_ message: ProviderMessage) throws(ProviderError) -> [RecognitionEvent]
}

/// What a recogniser tells.
enum RecognitionEvent: Equatable {
    /// Words, or that there are none.
    case heard(RecognitionResult)
    /// The provider takes the utterance to be over.
    case endpoint
    /// Something that does no harm, for who watches.
    case warning(String)
}

/// What a recogniser heard in a stretch of audio; positions count from the start of the connection's audio.
struct RecognitionResult: Equatable {
    /// The words.
    var text: String
    /// Whether they will not change.
    var isFinal: Bool
    /// Whether this answers the oldest unanswered request for final words.
    var answersFinalize = false
    /// Where the stretch begins and ends, where the provider says.
    var span: Range<Duration>?
    /// When each word was spoken, where the provider says.
    var words: [TimedWord] = []
    /// 0...1, where the provider says.
    var confidence: Double?
    /// The language of the words, where the provider says.
    var language: String?
}

/// How a recogniser's service deals with its connection.
struct RecognitionSettings {
    /// Where the provider is, and its name for messages to people.
    var client: ProviderClient
    /// From the end of speech to its last words.
    var finalDeadline = Duration.seconds(1)
    /// Silence on the line before the connection is kept alive; `nil` where that is not needed.
    var keepAlive: Duration?
    /// How long the provider may take to say good-bye.
    var goodbye = Duration.seconds(1)
    /// Audio kept for a new connection.
    var replay = Duration.seconds(10)
    /// Whether the provider's own endpoints end utterances, where no voice activity does.
    var endsAtEndpoints = false
    /// Whether the provider says to which audio its results belong.
    var tellsTimes = true
    /// Least audio that the provider takes between two requests for final words; silence is sent for what is missing.
    var leastUtterance = Duration.zero
}
