// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import COpusSystem

/// Why Opus audio cannot be encoded or decoded.
package enum OpusError: Error, Equatable {
    /// Opus knows 8, 12, 16, 24 and 48 kHz, and one or two channels.
    case unsupportedFormat(rate: Int, channels: Int)
    /// A setting is outside its range; the text names it.
    case invalidSetting(String)
    /// A frame is not 2.5, 5, 10, 20, 40 or 60 ms long, or its channels differ in length.
    case invalidFrameLength(sampleCount: Int)
    /// A packet is empty, cut off or otherwise not Opus.
    case invalidPacket
    /// The result does not fit the caller's buffer.
    case bufferTooSmall
    /// The library failed, with its own words; memory ran out or the library has a defect.
    case library(String)

    /// The error of one of libopus's negative codes.
    init(code: Int32) {
        switch code {
        case OPUS_INVALID_PACKET: self = .invalidPacket
        case OPUS_BUFFER_TOO_SMALL: self = .bufferTooSmall
        default: self = .library(opus_strerror(code).map { String(cString: $0) } ?? "error \(code)")
        }
    }

    /// Throws unless `code` says that all went well.
    static func check(_ code: Int32) throws(OpusError) {
        guard code < 0 else { return }
        throw OpusError(code: code)
    }
}

extension OpusError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupportedFormat(let rate, let channels):
            "Opus has no \(rate) Hz with \(channels) channels; use 8, 12, 16, 24 or 48 kHz and 1 or 2 channels"
        case .invalidSetting(let setting):
            "the Opus encoder refuses \(setting)"
        case .invalidFrameLength(let sampleCount):
            "\(sampleCount) samples are no Opus frame; frames last 2.5, 5, 10, 20, 40 or 60 ms"
        case .invalidPacket:
            "the packet is not Opus or is cut off"
        case .bufferTooSmall:
            "the result does not fit the buffer"
        case .library(let message):
            "libopus: \(message)"
        }
    }
}
