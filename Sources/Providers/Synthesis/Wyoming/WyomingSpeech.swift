// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import NIOCore
import PipelineKit

/// What comes back from a Wyoming synthesiser for one sentence; knows no connection and no clock.
struct WyomingSpeechReader {
    private var reader = WyomingDecoder()
    private var format: AudioFormat?

    /// Takes the next bytes.
    ///
    /// - Returns: Parts of the speech, and whether they are the last.
    /// - Throws: ``ProviderError`` for what is not the protocol, or an error that is reported.
    mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> SpeechReply {
        var reply = SpeechReply()
        for event in try reader.take(bytes) where !reply.isLast {
            switch event.type {
            case "audio-start", "audio-chunk":
                try announce(event, &reply)
                if event.payload.readableBytes > 0 { reply.parts.append(.audio(event.payload)) }
            case "audio-stop": reply.isLast = true
            case "error":
                let text = event.data["text"]?.string ?? "no text"
                throw ProviderError(.permanent, "reports: \(text.prefix(200))")
            default: break
            }
        }
        return reply
    }

    private mutating func announce(_ event: WyomingEvent, _ reply: inout SpeechReply) throws(ProviderError) {
        guard let format = event.format else {
            throw ProviderError(.malformed, "sent audio that is not 16-bit linear: \("\(event.data)".prefix(100))")
        }
        if format != self.format { reply.parts.append(.format(format)) }
        self.format = format
    }
}

/// How a Wyoming synthesiser is asked.
///
/// The protocol cannot break a sentence off: the connection is closed, and the next sentence has one of its own. One that
/// ended well is used again; a server that closes it meanwhile costs a new connection, not the sentence.
final class WyomingSpeech: SpeechProvider {
    let client: ProviderClient
    let format: AudioFormat
    let longestText = 1000
    private let parameters: WyomingTTS.Parameters
    private var spare: (any ProviderStream)?

    init(_ parameters: WyomingTTS.Parameters) {
        self.parameters = parameters
        client = ProviderClient("wyoming_tts", parameters.provider)
        format = AudioFormat(rateHz: parameters.rateHz)
    }

    var identity: String {
        "wyoming \(parameters.host):\(parameters.port) " + Self.request("", parameters).data.description
    }

    nonisolated(nonsending) func open(_ output: ServiceOutput) async throws {
        if spare == nil { spare = try await dial(output) }
    }

    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        let reused = spare
        spare = nil
        let stream = if let reused { reused } else { try await dial(output) }
        let answer = WyomingAnswer(stream, Self.request(text, parameters), client.parameters.timeouts, output.now) {
            [weak self] in self?.spare = $0
        }
        guard reused != nil else { return answer }
        do {
            try await answer.begin(output)
            return answer
        } catch {
            answer.giveUp()
            // Some servers close the connection behind each answer.
            guard error is ProviderError, answer.wasClosed else { throw error }
            output.report(.reconnects, 1)
            return WyomingAnswer(
                try await dial(output), Self.request(text, parameters), client.parameters.timeouts, output.now
            ) { [weak self] in self?.spare = $0 }
        }
    }

    nonisolated(nonsending) func close() async {
        spare?.close()
        spare = nil
    }

    /// The request of one sentence.
    static func request(_ text: String, _ parameters: WyomingTTS.Parameters) -> WyomingEvent {
        var voice: [JSONValue.Member] = []
        if let name = parameters.voice { voice.append(.init("name", .string(name))) }
        if parameters.voice != nil, let speaker = parameters.speaker {
            voice.append(.init("speaker", .string(speaker)))
        }
        var data: [JSONValue.Member] = [.init("text", .string(text))]
        if !voice.isEmpty { data.append(.init("voice", .object(voice))) }
        return WyomingEvent("synthesize", .object(data))
    }

    nonisolated(nonsending) private func dial(_ output: ServiceOutput) async throws -> any ProviderStream {
        let (network, parameters) = (output.network, parameters)
        let limit = parameters.provider.timeouts.connect
        let late = ProviderError.late("no connection came about", within: limit, "connect_timeout")
        return try await withDeadline(limit, output, late) {
            try await network.dial(parameters.host, port: parameters.port, output)
        }
    }
}

/// One sentence on a Wyoming connection.
final class WyomingAnswer: SpeechAnswer {
    private let stream: any ProviderStream
    private let timeouts: ProviderTimeouts
    private let start: MediaTime
    private let keep: (any ProviderStream) -> Void
    private var reader = WyomingSpeechReader()
    private var waiting: Deque<SpeechPart> = []
    private var hasBegun = false
    private var isLast = false
    /// Whether the server has closed the connection.
    private(set) var wasClosed = false

    /// Asks for a sentence.
    ///
    /// - Parameter keep: Takes the connection back when the answer is complete.
    init(
        _ stream: any ProviderStream, _ request: WyomingEvent, _ timeouts: ProviderTimeouts, _ start: MediaTime,
        keep: @escaping (any ProviderStream) -> Void
    ) {
        self.stream = stream
        self.timeouts = timeouts
        self.start = start
        self.keep = keep
        stream.write(request.bytes)
    }

    /// Waits for the first part, which tells whether the connection was alive.
    nonisolated(nonsending) func begin(_ output: ServiceOutput) async throws {
        while waiting.isEmpty, !isLast { try await read(output) }
    }

    nonisolated(nonsending) func next(_ output: ServiceOutput) async throws -> SpeechPart? {
        try await begin(output)
        return waiting.popFirst()
    }

    func giveUp() {
        waiting = []
        guard !isLast else { return }
        isLast = true
        stream.close()
    }

    nonisolated(nonsending) private func read(_ output: ServiceOutput) async throws {
        let limit = hasBegun ? timeouts.idle : start + timeouts.firstByte - output.now
        let late =
            hasBegun
            ? ProviderError.late("nothing more came", within: timeouts.idle, "idle_timeout")
            : ProviderError.late("no speech came", within: timeouts.firstByte, "first_byte_timeout")
        let stream = stream
        guard let bytes = try await withDeadline(max(limit, .zero), output, late, { try await stream.next() }) else {
            wasClosed = true
            throw ProviderError(.transient, "closed the connection in the middle of a sentence")
        }
        let reply = try reader.take(bytes)
        waiting.append(contentsOf: reply.parts)
        hasBegun = hasBegun || !reply.parts.isEmpty
        guard reply.isLast else { return }
        isLast = true
        keep(stream)
    }
}
