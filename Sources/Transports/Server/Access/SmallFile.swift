// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads files of which nobody expects more than a few kilobytes.
enum SmallFile {
    /// Why a file could not be read.
    struct Failure: Error {
        /// In the system's words.
        let reason: String
    }

    private static let most = 1 << 20

    /// The bytes of a file.
    static func read(_ path: String) -> Result<[UInt8], Failure> {
        guard let file = fopen(path, "rb") else { return .failure(Failure(reason: String(cString: strerror(errno)))) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: most + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { return .failure(Failure(reason: String(cString: strerror(errno)))) }
        guard count <= most else { return .failure(Failure(reason: "it has more than \(most) bytes")) }
        return .success(Array(bytes.prefix(count)))
    }
}
