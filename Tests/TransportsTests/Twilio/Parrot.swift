// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting

@testable import Transports

/// An agent that repeats what it hears, without any processor of the library.
enum Parrot {
    /// Asks for a reply to all final words, and greets.
    struct Ask: Processor {
        static let name = "ask"
        static let summary = "Asks the model to answer everything."

        private var turn = 0

        init(_ parameters: NoParameters) {}

        mutating func start(_ context: inout ProcessorContext) { ask("", &context) }

        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
            guard let transcript = frame[Transcript.self] else { return context.emit(frame) }
            guard transcript.isFinal else { return }
            turn += 1
            ask(transcript.text, &context)
        }

        private func ask(_ words: String, _ context: inout ProcessorContext) {
            context.emit(ModelRequest(turn: TurnID(turn), messages: [Message(.user, words)]))
        }
    }

    /// The agent; says goodbye to `goodbye`, and thinks for ever about `think`.
    static var plan: CompiledPlan {
        var parameters = SpeakerParameters()
        parameters.charactersPerSecond = 40
        let finalParameters = parameters
        var builder = PipelineBuilder("parrot")
        builder.add(Caller(NoParameters()))
        builder.add(Ask(NoParameters()))
        builder.add(
            FakeLanguageModel { request in
                let words = request.messages.last?.text ?? ""
                return .init(
                    words.isEmpty ? ["Hello."] : ["You ", "said ", words], firstToken: .zero,
                    gap: words == "think" ? .seconds(600) : .zero, endsSession: words == "goodbye")
            })
        builder.add(TextSpeaker(finalParameters))
        return builder.build()
    }
}

extension [JSONValue] {
    /// The replies among ConversationRelay's messages, as far as they are complete.
    var replies: [String] {
        var replies: [String] = []
        var open = ""
        for message in self where message["type"]?.string == "text" {
            open += message["token"]?.string ?? ""
            guard message["last"]?.bool == true else { continue }
            replies.append(open)
            open = ""
        }
        return replies
    }
}
