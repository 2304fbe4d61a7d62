// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// Writes the messages that Twilio takes on a Media Stream, with exactly the members that it allows.
///
/// - SeeAlso: https://www.twilio.com/docs/voice/media-streams/websocket-messages
struct MediaStreamWriter {
    private let mediaPrefix: String
    private let markPrefix: String
    private let clearMessage: String

    /// A writer of one stream's messages.
    init(streamSID: String) {
        let stream = JSONValue.string(streamSID).description
        mediaPrefix = #"{"event":"media","streamSid":\#(stream),"media":{"payload":""#
        markPrefix = #"{"event":"mark","streamSid":\#(stream),"mark":{"name":"#
        clearMessage = #"{"event":"clear","streamSid":\#(stream)}"#
    }

    /// Sound to be played after what was sent before.
    func media(_ audio: Audio, _ allocator: ByteBufferAllocator = ByteBufferAllocator()) -> ByteBuffer {
        let length = Base64.encodedCount(audio.byteCount)
        var buffer = allocator.buffer(capacity: mediaPrefix.utf8.count + length + 3)
        buffer.writeString(mediaPrefix)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { target in
            audio.withBytes { Base64.encode($0, into: target) }
            return length
        }
        buffer.writeStaticString(#""}}"#)
        return buffer
    }

    /// A mark that comes back when what was sent before it has been played.
    func mark(_ name: String) -> String { markPrefix + JSONValue.string(name).description + "}}" }

    /// Throws away what was not played.
    func clear() -> String { clearMessage }
}
