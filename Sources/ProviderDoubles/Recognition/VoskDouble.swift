// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers

/// vosk-server's WebSocket: protocols/vosk.md, section 1.
///
/// One answer to every piece of audio; commands are compared as text, and what is neither is taken for audio and ends the
/// connection.
package struct VoskDouble: ProviderDouble {
    private let hearing: DoubleHearing
    private let latency: Duration

    /// Creates a double.
    ///
    /// - Parameter latency: Time that final words take.
    package init(_ hearing: DoubleHearing, latency: Duration = .milliseconds(100)) {
        self.hearing = hearing
        self.latency = latency
    }

    package func open(_ request: DoubleRequest) -> DoubleOpening { .accepted(VoskPeer(hearing, latency)) }
}

private final class VoskPeer: DoublePeer {
    private let hearing: DoubleHearing
    private let latency: Duration
    private var rateHz = 8000
    private var ear: DoubleEar?

    init(_ hearing: DoubleHearing, _ latency: Duration) {
        self.hearing = hearing
        self.latency = latency
    }

    func received(_ message: ProviderMessage) -> [DoubleStep] {
        switch message {
        case .binary(let bytes):
            var ear = ear ?? DoubleEar(hearing, rateHz: rateHz)
            ear.hear(bytes.readableBytesView)
            self.ear = ear
            let partial: JSONValue = ["partial": .string(ear.words.map(\.text).joined(separator: " "))]
            return [.text(partial.pretty)]
        case .text(let text): return obey(String(buffer: text))
        }
    }

    private func obey(_ text: String) -> [DoubleStep] {
        if text.contains("config") {
            let rate = (try? JSONValue(parsing: text.utf8))?["config"]?["sample_rate"]?.integer
            if ear == nil, let rate, rate > 0 { rateHz = rate }
            return []
        }
        switch text {
        case #"{"reset" : 1}"#: return [.wait(latency), .text(final())]
        case #"{"eof" : 1}"#: return [.text(final()), .close()]
        default: return [.close(code: 1011)]
        }
    }

    private func final() -> String {
        guard var ear else { return (["text": ""] as JSONValue).pretty }
        let words = ear.take()
        self.ear = ear
        let text: JSONValue = ["text": .string(words.map(\.text).joined(separator: " "))]
        guard !words.isEmpty else { return text.pretty }
        let result = words.map { word -> JSONValue in
            [
                "conf": 0.98, "end": .number(ear.seconds(word.samples.upperBound)),
                "start": .number(ear.seconds(word.samples.lowerBound)), "word": .string(word.text),
            ]
        }
        return (["result": .array(result)] as JSONValue).appending(text).pretty
    }
}
