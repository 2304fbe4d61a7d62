// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
import PipelineKit

/// A transcription service that takes uploads, as OpenAI, Groq, speaches and whisper.cpp offer it:
/// protocols/openai-compatible.md, section 3, and protocols/whisper-cpp.md.
///
/// Checks the key, the form, the size of the file and that the sizes in its header are right.
package struct TranscriptionDouble: ProviderDouble {
    private static let largestFile = 25 * 1024 * 1024

    private let hearing: DoubleHearing
    private let key: String?
    private let latency: Duration

    /// Creates a double.
    ///
    /// - Parameters:
    ///   - key: The key that it takes; any if `nil`.
    ///   - latency: Time from an upload to its text.
    package init(_ hearing: DoubleHearing, key: String? = nil, latency: Duration = .milliseconds(200)) {
        self.hearing = hearing
        self.key = key
        self.latency = latency
    }

    package func answer(_ request: DoubleRequest) -> DoubleAnswer {
        if let key, request.header("authorization") != "Bearer \(key)" {
            return .error(401, "Incorrect API key provided.", code: "invalid_api_key")
        }
        guard request.body.readableBytes <= Self.largestFile else {
            return .error(413, "Maximum content size limit exceeded.", code: "content_too_large")
        }
        guard request.method == "POST", let form = DoubleForm(request), let file = form.file,
            let (rate, samples) = Self.wave(file)
        else { return .error(400, "Invalid file format.") }
        var ear = DoubleEar(hearing, rateHz: rate)
        ear.hear(samples)
        let words = ear.take()
        let text = words.map(\.text).joined(separator: " ")
        guard form.fields.contains(where: { $0 == ("response_format", "verbose_json") }) else {
            return .json(["text": .string(text)], delay: latency)
        }
        let list = words.map { word -> JSONValue in
            [
                "word": .string(" " + word.text), "start": .number(ear.seconds(word.samples.lowerBound)),
                "end": .number(ear.seconds(word.samples.upperBound)),
            ]
        }
        let segment: JSONValue = [
            "id": 0, "start": 0, "end": .number(ear.seconds(ear.position)), "text": .string(" " + text),
            "avg_logprob": -0.2, "no_speech_prob": 0.01, "words": .array(list),
        ]
        return .json(
            [
                "task": "transcribe", "language": "english", "duration": .number(ear.seconds(ear.position)),
                "text": .string(" " + text), "segments": text.isEmpty ? [] : [segment],
            ], delay: latency)
    }

    /// The rate and the samples of a WAVE file of one channel whose sizes are right.
    private static func wave(_ file: ByteBuffer) -> (rate: Int, samples: ByteBufferView)? {
        guard file.readableBytes > 44, file.getString(at: file.readerIndex, length: 4) == "RIFF",
            let whole: UInt32 = file.getInteger(at: file.readerIndex + 4, endianness: .little),
            let channels: UInt16 = file.getInteger(at: file.readerIndex + 22, endianness: .little),
            let rate: UInt32 = file.getInteger(at: file.readerIndex + 24, endianness: .little),
            let size: UInt32 = file.getInteger(at: file.readerIndex + 40, endianness: .little),
            Int(whole) == file.readableBytes - 8, Int(size) == file.readableBytes - 44, channels == 1, rate > 0
        else { return nil }
        return (Int(rate), file.readableBytesView.dropFirst(44))
    }
}

/// A form as a server reads it.
package struct DoubleForm {
    /// The fields that are no files.
    package private(set) var fields: [(name: String, value: String)] = []
    /// The file.
    package private(set) var file: ByteBuffer?

    /// Reads the content of a request; `nil` when it is no form.
    package init?(_ request: DoubleRequest) {
        guard let type = request.header("content-type"), type.hasPrefix("multipart/form-data; boundary="),
            let equals = type.firstIndex(of: "=")
        else { return nil }
        let boundary = Array("--\(type[type.index(after: equals)...])".utf8)
        var rest = Array(request.body.readableBytesView)[...]
        guard rest.starts(with: boundary) else { return nil }
        rest = rest.dropFirst(boundary.count)
        while rest.starts(with: "\r\n".utf8) {
            guard let end = rest.firstRange(of: Array("\r\n".utf8) + boundary),
                let head = rest.firstRange(of: Array("\r\n\r\n".utf8)), head.upperBound <= end.lowerBound
            else { return nil }
            let lines = String(decoding: rest[..<head.lowerBound], as: UTF8.self)
            let content = rest[head.upperBound..<end.lowerBound]
            let quoted = lines.split(separator: "\"", omittingEmptySubsequences: false)
            guard quoted.count > 1 else { return nil }
            if lines.contains("filename=") {
                file = ByteBuffer(bytes: content)
            } else {
                fields.append((String(quoted[1]), String(decoding: content, as: UTF8.self)))
            }
            rest = rest[end.upperBound...]
        }
        guard rest.elementsEqual("--\r\n".utf8) else { return nil }
    }
}
