// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

/// Files that tests write; removed when the process ends.
enum TemporaryFile {
    private static let paths = Mutex<Set<String>>([])
    private static let removal: Int32 = atexit {
        TemporaryFile.paths.withLock { paths in
            for path in paths { unlink(path) }
        }
    }

    /// The path of a file with this text; the same for the same text.
    static func path(_ text: String, suffix: String) throws -> String {
        #expect(removal == 0)
        let path = "/tmp/voice-pipeline-\(getpid())-\(text.utf8.reduce(5381) { $0 &* 33 &+ Int($1) })\(suffix)"
        try paths.withLock { paths in
            guard paths.insert(path).inserted else { return }
            let file = try #require(fopen(path, "w"))
            fputs(text, file)
            fclose(file)
        }
        return path
    }
}
