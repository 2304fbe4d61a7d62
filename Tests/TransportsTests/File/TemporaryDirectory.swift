// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A directory that is removed with everything in it.
final class TemporaryDirectory {
    struct Failure: Error {}

    private let root: String

    init() throws {
        var template = Array("/tmp/voice-pipeline-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        guard let directory = opendir(root) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink(path(name)) }
        }
        closedir(directory)
        rmdir(root)
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func write(_ text: String, to name: String) throws {
        guard let file = fopen(path(name), "w") else { throw Failure() }
        fputs(text, file)
        fclose(file)
    }
}
