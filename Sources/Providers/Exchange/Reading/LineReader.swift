// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Cuts a stream of bytes into lines, however it arrives.
///
/// A line ends with LF, CR LF or CR; CR at the end of a piece waits for what follows only in so far as LF is swallowed.
/// Holds at most `maxLineBytes` of an unfinished line.
package struct LineReader {
    private let maxLineBytes: Int
    private var line = ByteBuffer()
    private var endedWithReturn = false

    /// Creates a reader at the beginning of a stream.
    package init(maxLineBytes: Int = 1024 * 1024) { self.maxLineBytes = maxLineBytes }

    /// Takes the next bytes.
    ///
    /// - Returns: The lines that are now whole, without their ends.
    /// - Throws: ``ProviderError`` when a line is longer than is taken.
    package mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> [ByteBuffer] {
        var (bytes, lines) = (bytes, [ByteBuffer]())
        if endedWithReturn, let first = bytes.readableBytesView.first {
            if first == UInt8(ascii: "\n") { bytes.moveReaderIndex(forwardBy: 1) }
            endedWithReturn = false
        }
        while let end = bytes.readableBytesView.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            let isReturn = bytes.readableBytesView[end] == 0x0D
            try hold(bytes.readSlice(length: end - bytes.readerIndex))
            lines.append(line)
            line = ByteBuffer()
            bytes.moveReaderIndex(forwardBy: 1)
            guard isReturn else { continue }
            guard let next = bytes.readableBytesView.first else {
                endedWithReturn = true
                break
            }
            if next == UInt8(ascii: "\n") { bytes.moveReaderIndex(forwardBy: 1) }
        }
        try hold(bytes)
        return lines
    }

    /// What came after the last end of a line; the stream is over.
    package mutating func rest() -> ByteBuffer? {
        defer { line = ByteBuffer() }
        return line.readableBytes > 0 ? line : nil
    }

    private mutating func hold(_ bytes: ByteBuffer?) throws(ProviderError) {
        guard let bytes, bytes.readableBytes > 0 else { return }
        guard line.readableBytes + bytes.readableBytes <= maxLineBytes else {
            throw ProviderError(.malformed, "the provider sent a line of more than \(maxLineBytes) bytes")
        }
        line.writeImmutableBuffer(bytes)
    }
}
