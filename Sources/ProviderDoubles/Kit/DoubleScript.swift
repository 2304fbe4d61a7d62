// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What the doubles of all families do in a rehearsal of a pipeline, whichever providers it names.
package struct DoubleScript: Sendable {
    /// What recognisers hear: an utterance each, over again after the last.
    package var hears: [String]
    /// What models answer, one after the other; the last one over and over.
    package var says: [DoubleReply]
    /// What goes wrong with the exchanges of a family, or of anybody, one each, in the order in which they begin.
    package var faults: [(fault: DoubleFault, family: DoubleFamily?)]

    /// Creates a script.
    package init(
        hears: [String] = [], says: [DoubleReply] = [], faults: [(fault: DoubleFault, family: DoubleFamily?)] = []
    ) {
        self.hears = hears
        self.says = says
        self.faults = faults
    }
}

extension DoubleRoutes {
    /// Lets the doubles of all families answer by a script, whatever the host.
    package func add(_ script: DoubleScript) {
        addRecognisers(.script(script.hears))
        addModels(script.says)
        addVoices()
        for (fault, family) in script.faults { queue(fault, for: family) }
    }

    private func addRecognisers(_ hearing: DoubleHearing) {
        add(DeepgramListenDouble(hearing), path: "/v1/listen", family: .recogniser)
        add(ElevenLabsListenDouble(hearing), path: "/speech-to-text/realtime", family: .recogniser)
        for path in ["/audio/transcriptions", "/inference"] {
            add(TranscriptionDouble(hearing), path: path, family: .recogniser)
        }
    }

    private func addModels(_ replies: [DoubleReply]) {
        let lines = DoubleLines(replies)
        for path in ["/chat/completions", "/models"] {
            add(OpenAIChatDouble { _ in lines.next() }, path: path, family: .model)
        }
        add(AnthropicDouble { _ in lines.next() }, path: "/messages", family: .model)
        add(OllamaDouble { _ in lines.next() }, path: "/api/chat", family: .model)
    }

    private func addVoices() {
        add(DeepgramSpeechDouble(), path: "/v1/speak", family: .voice)
        for path in ["/stream/with-timestamps", "/multi-stream-input"] {
            add(ElevenLabsSpeechDouble(), path: path, family: .voice)
        }
        add(OpenAISpeechDouble(), path: "/audio/speech", family: .voice)
        add(PiperDouble(), path: "/synthesize", family: .voice)
        for path in ["/api/tts", "/tts_stream", "/studio_speakers"] { add(CoquiDouble(), path: path, family: .voice) }
    }
}

/// What the models of a rehearsal say, whichever of them is asked next.
private final class DoubleLines: Sendable {
    private let replies: [DoubleReply]
    private let index = Mutex(0)

    init(_ replies: [DoubleReply]) { self.replies = replies }

    func next() -> DoubleReply {
        let number = index.withLock { index in
            defer { index += 1 }
            return index
        }
        return replies.isEmpty ? DoubleReply() : replies[min(number, replies.count - 1)]
    }
}
