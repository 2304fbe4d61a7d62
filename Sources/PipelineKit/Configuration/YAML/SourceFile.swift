// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads source files within a limit.
package enum SourceFile {
    /// Why a file cannot be read.
    package enum Failure: Error {
        /// The system refused, with its error number.
        case system(Int32)
        /// It is a directory, a pipe or a device.
        case notRegular
        /// It has more bytes than the limit: size and limit.
        case tooLarge(Int, Int)

        /// What happened and what to do.
        package var message: String {
            switch self {
            case .system(ENOENT): "no such file; check the path"
            case .system(EACCES): "no permission to read the file"
            case .system(let number): "the file cannot be read: \(String(cString: strerror(number)))"
            case .notRegular: "not a regular file"
            case .tooLarge(let size, let limit): "the file has \(size) bytes; at most \(limit) are read"
            }
        }
    }

    /// The content of a regular file.
    ///
    /// - Throws: ``Failure/system(_:)`` if it cannot be opened or read, ``Failure/notRegular`` and, before anything is
    ///   read, ``Failure/tooLarge(_:_:)``.
    package static func read(path: String, limit: Int) throws(Failure) -> [UInt8] {
        // Without O_NONBLOCK a pipe that nobody writes to would block for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        guard status.st_size <= limit else { throw .tooLarge(status.st_size, limit) }
        return try content(descriptor, limit: limit)
    }

    // Files in /proc have no size: what is read is counted, whatever `stat` says.
    private static func content(_ descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw .tooLarge(bytes.count, limit) }
        }
    }
}
