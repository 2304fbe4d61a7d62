// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A directory that is removed, with the files written into it, when nobody uses it any more.
final class TemporaryDirectory {
    private let root: String
    private var files: Set<String> = []

    init() throws {
        let template = Array("/tmp/pipeline-tests-XXXXXX".utf8CString)
        let made = template.withUnsafeBufferPointer { buffer -> String? in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: buffer.count)
            defer { copy.deallocate() }
            copy.initialize(from: buffer.baseAddress!, count: buffer.count)
            return mkdtemp(copy).map { String(cString: $0) }
        }
        struct Failed: Error {}
        guard let made else { throw Failed() }
        root = made
    }

    deinit {
        for file in files { unlink(file) }
        rmdir(root)
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String, size: Int? = nil) throws {
        struct Failed: Error {}
        guard let file = fopen(path(name), "w") else { throw Failed() }
        defer { fclose(file) }
        files.insert(path(name))
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0 else { throw Failed() }
        if let size, ftruncate(fileno(file), size) != 0 { throw Failed() }
    }
}
