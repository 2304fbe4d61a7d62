// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file that `runner new` writes.
struct ScaffoldFile {
    /// The path below the directory that the user chose.
    var path: String
    /// The text.
    var text: String

    /// Whether something is there already.
    func exists(in directory: String) -> Bool { access("\(directory)/\(path)", F_OK) == 0 }

    /// Writes the file and makes the directories that it needs.
    func write(to directory: String, _ output: Output) -> Bool {
        var folder = directory
        mkdir(folder, 0o755)
        for part in path.split(separator: "/").dropLast() {
            folder += "/\(part)"
            mkdir(folder, 0o755)
        }
        return TextFile.write(text, to: "\(directory)/\(path)", output)
    }
}
