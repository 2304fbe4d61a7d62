// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A binary message of clients that speak RTVI over a WebSocket: package `pipecat`, message `Frame`.
enum RTVIFrame: Equatable {
    /// Samples of 16 bits, least significant byte first, interleaved.
    struct Audio: Equatable {
        var samples: ByteBuffer
        /// 0 for the rate that was agreed on.
        var rateHz: UInt64
        var channels: UInt64
    }

    case text(String)
    case audio(Audio)
    case transcription(String)
    /// An RTVI message in JSON.
    case message(ByteBuffer)
    case interruption
    /// A kind that is not known here; newer clients may have it.
    case unknown

    /// Reads a message; of several frames in it the last counts, as protobuf has it.
    init(_ bytes: ByteBuffer) throws(ProtobufReader.Malformed) {
        var reader = ProtobufReader(bytes)
        var frame = RTVIFrame.unknown
        while let (field, value) = try reader.next() {
            guard case .bytes(let body) = value else { continue }
            switch field {
            case 1: frame = .text(String(buffer: try Self.bytes(3, of: body)))
            case 2: frame = .audio(try Self.audio(body))
            case 3: frame = .transcription(String(buffer: try Self.bytes(3, of: body)))
            case 4: frame = .message(try Self.bytes(1, of: body))
            case 5: frame = .interruption
            default: break
            }
        }
        self = frame
    }

    private static func bytes(_ wanted: UInt64, of body: ByteBuffer) throws(ProtobufReader.Malformed) -> ByteBuffer {
        var reader = ProtobufReader(body)
        var result = ByteBuffer()
        while let (field, value) = try reader.next() {
            if field == wanted, case .bytes(let bytes) = value { result = bytes }
        }
        return result
    }

    private static func audio(_ body: ByteBuffer) throws(ProtobufReader.Malformed) -> Audio {
        var reader = ProtobufReader(body)
        var audio = Audio(samples: ByteBuffer(), rateHz: 0, channels: 0)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (3, .bytes(let samples)): audio.samples = samples
            case (4, .varint(let rate)): audio.rateHz = rate
            case (5, .varint(let channels)): audio.channels = channels
            default: break
            }
        }
        return audio
    }

    /// The message's bytes.
    var bytes: ByteBuffer {
        var body = ByteBuffer()
        let field: UInt64
        switch self {
        case .text(let text):
            field = 1
            body.writeProtobuf(field: 3, bytes: ByteBuffer(string: text))
        case .audio(let audio):
            field = 2
            body.writeProtobuf(field: 3, bytes: audio.samples)
            body.writeProtobuf(field: 4, varint: audio.rateHz)
            body.writeProtobuf(field: 5, varint: audio.channels)
        case .transcription(let text):
            field = 3
            body.writeProtobuf(field: 3, bytes: ByteBuffer(string: text))
        case .message(let json):
            field = 4
            body.writeProtobuf(field: 1, bytes: json)
        case .interruption: field = 5
        case .unknown: return body
        }
        var message = ByteBuffer()
        message.writeProtobuf(field: field, bytes: body)
        return message
    }
}
