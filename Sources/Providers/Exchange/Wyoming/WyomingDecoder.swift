// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
import PipelineKit

/// Reads Wyoming events from bytes that are cut anywhere.
package struct WyomingDecoder: Sendable {
    /// Where in an event the decoder stands.
    private enum State {
        case header
        case data(WyomingEvent, length: Int, payload: Int)
        case payload(WyomingEvent, length: Int)
    }

    private static let longestHeader = 64 * 1024
    private static let longestPart = 4 * 1024 * 1024

    private var state = State.header
    private var waiting = ByteBuffer()

    /// Begins before the first event.
    package init() {}

    /// Whether the bytes so far end with an event.
    package var isBetweenEvents: Bool {
        if case .header = state { waiting.readableBytes == 0 } else { false }
    }

    /// Takes the next bytes.
    ///
    /// - Returns: The events that are complete.
    /// - Throws: ``ProviderError`` of kind `malformed`; there is no going on then.
    package mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> [WyomingEvent] {
        waiting.writeImmutableBuffer(bytes)
        waiting.discardReadBytes()
        var events: [WyomingEvent] = []
        while let event = try step() {
            if let event { events.append(event) }
        }
        return events
    }

    /// Reads the next part.
    ///
    /// - Returns: `nil` when it is not there yet; no event when it was only a part of one.
    private mutating func step() throws(ProviderError) -> WyomingEvent?? {
        switch state {
        case .header:
            guard let line = try line() else { return nil }
            return .some(try begin(line))
        case .data(let event, let length, let payload):
            guard let bytes = waiting.readSlice(length: length) else { return nil }
            return .some(proceed(Self.merged(event, try Self.object(bytes)), payload: payload))
        case .payload(var event, let length):
            guard let bytes = waiting.readSlice(length: length) else { return nil }
            event.payload = bytes
            state = .header
            return .some(event)
        }
    }

    private mutating func line() throws(ProviderError) -> ByteBuffer? {
        let end = waiting.readableBytesView.firstIndex(of: UInt8(ascii: "\n"))
        let length = end.map { $0 - waiting.readerIndex } ?? waiting.readableBytes
        guard length <= Self.longestHeader else {
            throw ProviderError(.malformed, "sent a header of more than \(Self.longestHeader) bytes")
        }
        guard end != nil, let line = waiting.readSlice(length: length) else { return nil }
        waiting.moveReaderIndex(forwardBy: 1)
        return line
    }

    private mutating func begin(_ line: ByteBuffer) throws(ProviderError) -> WyomingEvent? {
        let header = try Self.object(line)
        guard let type = header["type"]?.string else { throw ProviderError(.malformed, "sent an event without type") }
        let data = header["data"] ?? .null
        let event = WyomingEvent(type, data.members == nil ? [:] : data)
        let length = try Self.length("data_length", header)
        let payload = try Self.length("payload_length", header)
        guard length > 0 else { return proceed(event, payload: payload) }
        state = .data(event, length: length, payload: payload)
        return nil
    }

    private mutating func proceed(_ event: WyomingEvent, payload: Int) -> WyomingEvent? {
        state = payload > 0 ? .payload(event, length: payload) : .header
        return payload > 0 ? nil : event
    }

    private static func length(_ key: String, _ header: JSONValue) throws(ProviderError) -> Int {
        guard let value = header[key], value != .null else { return 0 }
        guard let length = value.integer, (0...longestPart).contains(length) else {
            throw ProviderError(.malformed, "sent an event whose \(key) is not in 0...\(longestPart)")
        }
        return length
    }

    private static func object(_ bytes: ByteBuffer) throws(ProviderError) -> JSONValue {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes.readableBytesView) } catch {
            throw ProviderError(.malformed, "sent an event that is no JSON: \(error.message)")
        }
        guard value.members != nil else { throw ProviderError(.malformed, "sent an event that is no object") }
        return value
    }

    /// The data of the header with that of the block over it.
    private static func merged(_ event: WyomingEvent, _ block: JSONValue) -> WyomingEvent {
        let over = block.members ?? []
        let under = (event.data.members ?? []).filter { member in !over.contains { $0.key == member.key } }
        return WyomingEvent(event.type, .object(under + over))
    }
}
