// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A WAVE file of 16-bit samples that grows at its end.
///
/// Blocking, so to be used off an event loop, by one thread at a time. The header is right once it has been written by
/// ``finish(_:)``; before, players that go by the file's length still read it.
///
/// - SeeAlso: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991, RIFF WAVE.
struct WaveFile: Sendable {
    /// Why a file cannot be written.
    struct Error: Swift.Error, CustomStringConvertible {
        /// What was tried, on which file, and the system's reason.
        let description: String

        init(_ action: String, _ path: String) {
            description = "cannot \(action) \(path): \(String(cString: strerror(errno)))"
        }
    }

    private static let headerSize = 44

    /// Where the file is.
    let path: String
    private let descriptor: Int32
    private let rateHz: Int
    private let channels: Int

    /// Creates the file, and the directories on the way to it; one of that name is overwritten.
    ///
    /// - Throws: ``Error``.
    init(creating path: String, rateHz: Int, channels: Int) throws(Error) {
        try Self.makeDirectories(towards: path)
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Error("create", path) }
        self.path = path
        self.rateHz = rateHz
        self.channels = channels
        do throws(Error) {
            try write(header(byteCount: 0), at: 0)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Writes interleaved samples that follow `position` samples per channel.
    ///
    /// - Throws: ``Error``.
    func write(_ samples: [Int16], after position: Int) throws(Error) {
        let bytes = samples.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
        try write(bytes, at: Self.headerSize + position * channels * 2)
    }

    /// Writes the header for `sampleCount` samples per channel, and closes the file.
    ///
    /// To be called once, last.
    ///
    /// - Throws: ``Error``; the file is closed all the same.
    func finish(_ sampleCount: Int) throws(Error) {
        defer { close(descriptor) }
        try write(header(byteCount: sampleCount * channels * 2), at: 0)
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws(Error) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, offset + written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Error("write", path) }
            written += count
        }
    }

    private func header(byteCount: Int) -> [UInt8] {
        // Lengths have 32 bits: that of a longer recording stays at the most.
        let byteCount = min(byteCount, Int(UInt32.max) - Self.headerSize)
        var bytes = Array("RIFF".utf8)
        bytes.append(little: byteCount + Self.headerSize - 8, width: 4)
        bytes += Array("WAVEfmt ".utf8)
        bytes.append(little: 16, width: 4)
        bytes.append(little: 1, width: 2)
        bytes.append(little: channels, width: 2)
        bytes.append(little: rateHz, width: 4)
        bytes.append(little: rateHz * channels * 2, width: 4)
        bytes.append(little: channels * 2, width: 2)
        bytes.append(little: 16, width: 2)
        bytes += Array("data".utf8)
        bytes.append(little: byteCount, width: 4)
        return bytes
    }

    private static func makeDirectories(towards path: String) throws(Error) {
        var prefix = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            prefix += part + "/"
            guard prefix != "/" else { continue }
            if mkdir(prefix, 0o755) != 0, errno != EEXIST { throw Error("create the directory", prefix) }
        }
    }
}

extension [UInt8] {
    /// Adds the low bytes of a number, lowest first.
    fileprivate mutating func append(little value: Int, width: Int) {
        for byte in 0..<width { append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}
