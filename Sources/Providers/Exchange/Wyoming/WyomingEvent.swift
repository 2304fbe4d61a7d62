// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

/// An event of the Wyoming protocol: a line of JSON, then data in JSON, then bytes.
///
/// - SeeAlso: https://github.com/OHF-Voice/wyoming
package struct WyomingEvent: Sendable, Equatable {
    /// What happened.
    package var type: String
    /// More about it: an object.
    package var data: JSONValue
    /// Bytes, such as samples.
    package var payload: ByteBuffer

    /// Creates an event.
    package init(_ type: String, _ data: JSONValue = [:], payload: ByteBuffer = ByteBuffer()) {
        self.type = type
        self.data = data
        self.payload = payload
    }

    /// An event about linear audio, such as `audio-start`.
    package init(_ type: String, _ format: AudioFormat, payload: ByteBuffer = ByteBuffer()) {
        self.init(
            type, ["rate": .integer(format.rateHz), "width": 2, "channels": .integer(format.channels)],
            payload: payload)
    }

    /// The event as bytes.
    package var bytes: ByteBuffer {
        let hasData = data.members?.isEmpty == false
        let block = hasData ? ByteBuffer(string: data.description) : ByteBuffer()
        var header: JSONValue = ["type": .string(type)]
        if hasData { header = header.appending(["data_length": .integer(block.readableBytes)]) }
        if payload.readableBytes > 0 {
            header = header.appending(["payload_length": .integer(payload.readableBytes)])
        }
        var bytes = ByteBuffer(string: header.description + "\n")
        bytes.writeImmutableBuffer(block)
        bytes.writeImmutableBuffer(payload)
        return bytes
    }
}
