// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Reads server-sent events, however they arrive.
///
/// Comments, ids and retry times are skipped; an event that its blank line does not follow never comes out.
///
/// - SeeAlso: WHATWG HTML, section 9.2.6.
package struct ServerSentEvents {
    /// One event.
    package struct Event: Equatable, Sendable {
        /// What `event:` said; empty if it was not there.
        package var name: String
        /// The lines of `data:`, joined by LF.
        package var data: ByteBuffer

        /// Creates an event.
        package init(_ name: String = "", data: ByteBuffer) {
            self.name = name
            self.data = data
        }
    }

    private let maxEventBytes: Int
    private var lines: LineReader
    private var name = ""
    private var data: ByteBuffer?
    private var isAtStart = true

    /// Creates a reader at the beginning of a stream.
    package init(maxEventBytes: Int = 1024 * 1024) {
        self.maxEventBytes = maxEventBytes
        lines = LineReader(maxLineBytes: maxEventBytes)
    }

    /// Takes the next bytes.
    ///
    /// - Returns: The events that are now whole.
    /// - Throws: ``ProviderError`` when an event is larger than is taken.
    package mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> [Event] {
        var events: [Event] = []
        for line in try lines.take(bytes) {
            if let event = try take(line: line) { events.append(event) }
        }
        return events
    }

    private mutating func take(line: ByteBuffer) throws(ProviderError) -> Event? {
        var line = line
        if isAtStart, line.readableBytesView.starts(with: [0xEF, 0xBB, 0xBF]) { line.moveReaderIndex(forwardBy: 3) }
        isAtStart = false
        guard line.readableBytes > 0 else { return endOfEvent() }
        let bytes = line.readableBytesView
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        var value = bytes[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: bytes[..<colon], as: UTF8.self) {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "data": try append(ByteBuffer(value))
        default: break
        }
        return nil
    }

    private mutating func append(_ value: ByteBuffer) throws(ProviderError) {
        guard (data?.readableBytes ?? 0) + value.readableBytes < maxEventBytes else {
            throw ProviderError(.malformed, "the provider sent an event of more than \(maxEventBytes) bytes")
        }
        guard data != nil else { return data = value }
        data?.writeInteger(UInt8(ascii: "\n"))
        data?.writeImmutableBuffer(value)
    }

    private mutating func endOfEvent() -> Event? {
        defer { (name, data) = ("", nil) }
        return data.map { Event(name, data: $0) }
    }
}
